"""A workflow that runs in this process, driven as the SDK's worker drives it: by activations, without a server.

What the server would do is done here: timers, retries of local activities, updates. Time is the test's own.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payloads
from temporalio.bridge.proto.activity_result import ActivityResolution
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import ScheduleLocalActivity, UpdateResponse, WorkflowCommand
from temporalio.common import MetricMeter, Priority, RetryPolicy, TypedSearchAttributes
from temporalio.converter import DataConverter
from temporalio.exceptions import ActivityError as StepError
from temporalio.exceptions import ApplicationError, CancelledError, FailureError, RetryState
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.worker import _workflow_instance as sdk

from domain.calls.arrival import Arrival
from workflows.calls.failures import REFUSED
from workflows.calls.workflow import CallWorkflow

_DATA = DataConverter.default
_EXTERN: dict[str, Callable[..., Any]] = {
    "__temporal_get_metric_meter": lambda: MetricMeter.noop,
    "__temporal_assert_local_activity_valid": lambda _name: None,
}
_DEFINITION = workflow._Definition.must_from_class(CallWorkflow)


class TaskFailed(AssertionError):
    """A workflow task failed: on a server it would be tried again for ever, and the call would stand still."""


@dataclass
class Asked:
    """An update. `accepted` is None until it is known; `refusal` says why nothing was done."""

    name: str
    accepted: bool | None = None
    done: bool = False
    refusal: str | None = None


@dataclass
class StepTry:
    """A local activity that is to be tried. `due` is when."""

    seq: int
    command: ScheduleLocalActivity
    attempt: int
    due: datetime
    asked_at: datetime
    result: object = None
    has_run: bool = False

    @property
    def name(self) -> str:
        """The step's name."""
        return self.command.activity_type


@dataclass
class WorkflowRun:
    """A call's workflow. `closed` is the name of the command by which it ended."""

    arrival: Arrival
    now: datetime
    run_id: str
    timers: dict[int, datetime] = field(default_factory=dict)
    tries: dict[int, StepTry] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    closed: str | None = None
    cancelled: bool = False

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._instance = UnsandboxedWorkflowRunner().create_instance(self._details())
        job = WorkflowActivationJob()
        job.initialize_workflow.workflow_type = _DEFINITION.name or ""
        job.initialize_workflow.workflow_id = self.run_id
        job.initialize_workflow.arguments.extend(_DATA.payload_converter.to_payloads([self.arrival]))
        self._activate(job)

    @property
    def call(self) -> CallWorkflow:
        """The workflow's own object, to be looked at."""
        found: CallWorkflow = self._instance._object  # type: ignore[attr-defined]
        return found

    @property
    def is_open(self) -> bool:
        """Whether the workflow has not ended."""
        return self.closed is None

    def signal(self, *messages: tuple[str, Sequence[object]]) -> None:
        """Delivers signals, all in one workflow task."""
        jobs = []
        for name, arguments in messages:
            job = WorkflowActivationJob()
            job.signal_workflow.signal_name = name
            job.signal_workflow.originating_event_id = next(self._numbers)
            job.signal_workflow.input.extend(_DATA.payload_converter.to_payloads(arguments))
            jobs.append(job)
        self._activate(*jobs)

    def update(self, name: str, arguments: Sequence[object]) -> Asked:
        """Asks for something. What came of it is known at once or after the next steps."""
        job = WorkflowActivationJob()
        update = job.do_update
        update.id = update.protocol_instance_id = f"update-{next(self._numbers)}"
        update.name = name
        update.run_validator = True
        update.meta.update_id = update.id
        update.input.extend(_DATA.payload_converter.to_payloads(arguments))
        asked = self.asked[update.id] = Asked(name)
        self._activate(job)
        return asked

    def cancel(self) -> None:
        """Somebody cancels the workflow. Temporal tells it so once, however often it is asked."""
        if self.cancelled:
            return
        self.cancelled = True
        job = WorkflowActivationJob()
        job.cancel_workflow.SetInParent()
        self._activate(job)

    def fire(self, timer: int) -> None:
        """A timer is over."""
        del self.timers[timer]
        job = WorkflowActivationJob()
        job.fire_timer.seq = timer
        self._activate(job)

    def given(self, tried: StepTry, step: Callable[..., Any]) -> list[Any]:
        """What a step is asked."""
        types = activity._Definition.must_from_callable(step).arg_types
        return _DATA.payload_converter.from_payloads(list(tried.command.arguments), types)

    def succeed(self, tried: StepTry, result: object) -> None:
        """A step has its result."""
        resolution = ActivityResolution()
        resolution.completed.result.CopyFrom(_DATA.payload_converter.to_payloads([result])[0])
        self._resolve(tried, resolution)

    def fail(self, tried: StepTry, error: BaseException) -> None:
        """A try of a step has failed: it is to be tried again, or has failed for good."""
        policy = RetryPolicy.from_proto(tried.command.retry_policy)
        pause = min(
            policy.initial_interval * policy.backoff_coefficient ** (tried.attempt - 1),
            policy.maximum_interval or timedelta(days=1),
        )
        is_final = isinstance(error, ApplicationError) and error.non_retryable
        too_often = policy.maximum_attempts and tried.attempt >= policy.maximum_attempts
        limit = tried.command.schedule_to_close_timeout.ToTimedelta()
        too_late = bool(limit) and self.now + pause - tried.asked_at >= limit
        if is_final or too_often or too_late:
            self._fail_for_good(tried, error)
            return
        tried.attempt += 1
        if pause > tried.command.local_retry_threshold.ToTimedelta():
            self._back_off(tried, pause)
        else:
            tried.due, tried.has_run = self.now + pause, False

    def _fail_for_good(self, tried: StepTry, error: BaseException) -> None:
        told = error if isinstance(error, FailureError) else ApplicationError(str(error), type=type(error).__name__)
        state = RetryState.MAXIMUM_ATTEMPTS_REACHED
        wrapped = StepError(
            tried.name,
            scheduled_event_id=0,
            started_event_id=0,
            identity="",
            activity_type=tried.name,
            activity_id=str(tried.seq),
            retry_state=state,
        )
        wrapped.__cause__ = told
        resolution = ActivityResolution()
        _DATA.failure_converter.to_failure(wrapped, _DATA.payload_converter, resolution.failed.failure)
        self._resolve(tried, resolution)

    def _back_off(self, tried: StepTry, pause: timedelta) -> None:
        resolution = ActivityResolution()
        resolution.backoff.attempt = tried.attempt
        resolution.backoff.backoff_duration.FromTimedelta(pause)
        resolution.backoff.original_schedule_time.CopyFrom(_moment(tried.asked_at))
        self._resolve(tried, resolution)

    def _resolve(self, tried: StepTry, resolution: ActivityResolution) -> None:
        del self.tries[tried.seq]
        job = WorkflowActivationJob()
        job.resolve_activity.seq = tried.seq
        job.resolve_activity.is_local = True
        job.resolve_activity.result.CopyFrom(resolution)
        self._activate(job)

    def _activate(self, *jobs: WorkflowActivationJob) -> None:
        activation = WorkflowActivation(run_id=self.run_id, timestamp=_moment(self.now), jobs=jobs)
        loop = asyncio._get_running_loop()
        try:
            completion = self._instance.activate(activation)
        finally:
            # The workflow has run in a loop of its own, and leaves none behind.
            asyncio._set_running_loop(loop)
        if completion.HasField("failed"):
            raise TaskFailed(completion.failed.failure.message + "\n" + completion.failed.failure.stack_trace)
        cancelled = [command for command in completion.successful.commands if self._obey(command)]
        for command in cancelled:
            self._tell_cancelled(command.request_cancel_local_activity.seq)

    def _obey(self, command: WorkflowCommand) -> bool:
        """Does what the workflow has decided. Whether a step is to be told that it is cancelled."""
        kind = command.WhichOneof("variant")
        match kind:
            case "start_timer":
                self.timers[command.start_timer.seq] = (
                    self.now + command.start_timer.start_to_fire_timeout.ToTimedelta()
                )
            case "cancel_timer":
                self.timers.pop(command.cancel_timer.seq, None)
            case "schedule_local_activity":
                asked = command.schedule_local_activity
                since = self.now
                if asked.HasField("original_schedule_time"):
                    since = asked.original_schedule_time.ToDatetime(self.now.tzinfo)
                self.tries[asked.seq] = StepTry(asked.seq, asked, max(asked.attempt, 1), self.now, since)
            case "request_cancel_local_activity":
                return command.request_cancel_local_activity.seq in self.tries
            case "update_response":
                self._note_answer(command.update_response)
            case "set_patch_marker" | "upsert_workflow_search_attributes" | "modify_workflow_properties":
                pass
            case "complete_workflow_execution" | "cancel_workflow_execution" | "fail_workflow_execution":
                self.closed = kind
            case _:
                raise NotImplementedError(f"The workflow wants {kind}, which the model does not know.")
        return False

    def _tell_cancelled(self, seq: int) -> None:
        tried = self.tries.get(seq)
        if tried is None:
            return
        resolution = ActivityResolution()
        told = CancelledError("Activity cancelled")
        _DATA.failure_converter.to_failure(told, _DATA.payload_converter, resolution.cancelled.failure)
        self._resolve(tried, resolution)

    def _note_answer(self, answer: UpdateResponse) -> None:
        asked = self.asked[answer.protocol_instance_id]
        match answer.WhichOneof("response"):
            case "accepted":
                asked.accepted = True
            case "rejected":
                if answer.rejected.application_failure_info.type != REFUSED:
                    raise TaskFailed(f"{asked.name} met a fault: {answer.rejected.message}")
                asked.accepted, asked.done, asked.refusal = False, True, answer.rejected.message
            case "completed":
                asked.done = True

    def _details(self) -> sdk.WorkflowInstanceDetails:
        info = workflow.Info(
            attempt=1,
            continued_run_id=None,
            cron_schedule=None,
            execution_timeout=None,
            first_execution_run_id=self.run_id,
            headers={},
            namespace="default",
            original_execution_run_id=self.run_id,
            parent=None,
            root=None,
            priority=Priority.default,
            raw_memo={},
            retry_policy=None,
            run_id=self.run_id,
            run_timeout=None,
            search_attributes={},
            start_time=self.now,
            task_queue="model",
            task_timeout=timedelta(seconds=10),
            typed_search_attributes=TypedSearchAttributes.empty,
            workflow_id=self.run_id,
            workflow_start_time=self.now,
            workflow_type=_DEFINITION.name or "",
        )
        return sdk.WorkflowInstanceDetails(
            payload_converter_factory=lambda: _DATA.payload_converter,
            failure_converter_class=_DATA.failure_converter_class,
            interceptor_classes=[],
            defn=_DEFINITION,
            info=info,
            randomness_seed=1,
            extern_functions=_EXTERN,
            disable_eager_activity_execution=False,
            worker_level_failure_exception_types=[],
            patch_activation_callback=None,
            last_completion_result=Payloads(),
            last_failure=None,
        )


def _moment(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp
