"""Changes of what a call does that calls in progress must not meet: see docs/workflow-changes.md for the rule."""

from enum import StrEnum

from temporalio import workflow


class Patch(StrEnum):
    """The changes, each by an id that no other ever has: `<date of its release>-<what is done otherwise>`.

    A member has a docstring that says what calls from before do.
    """

    WAITS_ANEW = "2026-11-28-a-long-wait-begins-anew"
    """Callbacks from before wait in one run, whatever its length."""
    HANGS_UP_WHEN_CUT_OFF = "2026-11-28-a-hang-up-passes-the-return-of-the-agents-phone"
    """Calls from before refuse a hang-up when the agent's phone has gone or come back since it was pressed."""


def is_new(patch: Patch) -> bool:
    """Whether this call began with the change, or comes to it for the first time; then it is remembered so."""
    return workflow.patched(patch)
