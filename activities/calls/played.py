from domain.calls import ids


def played(call_id: str, count: int) -> tuple[str, ...]:
    """What a customer may still hear: to be stopped first, for Asterisk does nothing else before its end."""
    return (ids.announcement(call_id, count), ids.line_announcement(call_id, count)) if count else ()
