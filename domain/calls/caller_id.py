"""Which number of ours a called phone is shown."""

from collections.abc import Sequence


def caller_id(wanted: str, own: str, allowed: Sequence[str]) -> str:
    """The number that is wanted if the trunk allows it, else the trunk's own one.

    A trunk without a number of its own lets every number be shown. What is allowed are numbers, or their beginnings
    with an asterisk: +493012345 and +4930999*.
    """
    if not own or (wanted and any(_fits(wanted, rule) for rule in allowed)):
        return wanted
    return own


def _fits(number: str, rule: str) -> bool:
    return number.startswith(rule[:-1]) if rule.endswith("*") else number == rule
