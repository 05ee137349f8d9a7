"""Whether what somebody asks of a call is answered truly: done, or refused with nothing changed."""

from dataclasses import dataclass, replace
from uuid import UUID

from domain.calls.call import CallStage
from tests.model.centre import ModelCentre
from tests.model.effect import Effect
from tests.model.judge import Judge
from tests.model.requests import Request
from tests.model.workflow_run import WorkflowRun
from workflows.calls.updates import Asked

_MEANS_THE_SAME = frozenset({"mute", "pause_recording"})
"""What may be asked from a page that shows what was."""


@dataclass
class Answers:
    """Asks calls for things, and judges what they answer where nothing else is on its way."""

    centre: ModelCentre
    judge: Judge

    async def ask(self, run: WorkflowRun, request: Request, asker: UUID, seen: str) -> None:
        """Asks. Raises AssertionError when the answer is not true."""
        call, ari = run.call._state, self.centre.ari
        is_alone = self.centre.is_calm
        before = await self._everything() if is_alone else None
        role, is_current = call.role_of(asker), seen == call.revision_for(asker)
        guest, keys = call.guest.attempt if call.guest else 0, ari.keys
        run.now = self.centre.clock.time
        users = self.judge.setting.users
        asked = run.update(request.name, [Asked(asker, seen), *request.details(users, users.index(asker))])
        await self.centre.work()
        if not is_alone:
            return
        self.centre.told[f"{request.name} {'refused' if asked.refusal else 'done'}"] += 1
        assert asked.done, f"{request} was never answered"
        if asked.refusal is not None:
            assert before == await self._everything(), f"{request} was refused, and something has changed"
            return
        assert role is not None, f"{request} by somebody who has no part in the call was done"
        assert is_current or request.name in _MEANS_THE_SAME, f"{request} from a page of before was done"
        effect = Effect.of(call, ari, asker, guest, ari.keys - keys)
        assert request.is_done(effect), f"{request} was done, they say, and is not: {effect}"

    async def _everything(self) -> object:
        """All that a refused request must leave as it is."""
        ari = self.centre.ari
        legs = {channel: replace(leg, playing=list(leg.playing)) for channel, leg in ari.legs.items()}
        stages: dict[str, CallStage] = {call_id: run.call._state.stage for call_id, run in self.centre.runs.items()}
        bridges = {bridge: list(members) for bridge, members in ari.bridges.items()}
        return await self.judge.setting.facts(), legs, bridges, sorted(ari.paused), stages
