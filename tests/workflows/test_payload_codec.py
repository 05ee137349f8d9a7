"""What Temporal keeps of a call says nothing to who has only Temporal."""

from datetime import UTC, datetime

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage
from tests.support.fake_steps import FakeSteps
from tests.support.fixed_keys import FixedKeys
from tests.support.histories import clear_parts
from tests.workflows.running import BY_AGENT, CALLER, CUSTOMER_LEFT, Handle, call, over, reaches, talking
from workflows.calls import ending
from workflows.calls.workflow import CallWorkflow
from workflows.core import timeouts
from workflows.core.data_converter import DATA_CONVERTER, encrypting
from workflows.core.payload_codec import ENCODING, EncryptingCodec, PayloadDamaged

NUMBER = "+4930123456"


async def test_what_is_encoded_says_nothing_and_is_decoded_to_the_same() -> None:
    codec = EncryptingCodec(FixedKeys())
    [plain] = DATA_CONVERTER.payload_converter.to_payloads([{"number": NUMBER}])
    [encoded] = await codec.encode([plain])
    assert NUMBER.encode() not in encoded.SerializeToString()
    assert encoded.metadata["encoding"] == ENCODING
    assert await codec.decode([encoded]) == [plain]


async def test_the_same_is_never_encoded_to_the_same() -> None:
    codec = EncryptingCodec(FixedKeys())
    [plain] = DATA_CONVERTER.payload_converter.to_payloads([NUMBER])
    one, other = await codec.encode([plain, plain])
    assert one.data != other.data


async def test_what_was_written_before_is_read_as_it_is() -> None:
    converter = encrypting(FixedKeys())
    assert await converter.decode(await DATA_CONVERTER.encode([{"number": NUMBER}])) == [{"number": NUMBER}]


async def test_nothing_stays_nothing() -> None:
    converter = encrypting(FixedKeys())
    [encoded] = await converter.encode([None])
    assert encoded.metadata["encoding"] == b"binary/null"
    assert await converter.decode([encoded]) == [None]


async def test_what_was_changed_in_the_store_is_refused() -> None:
    codec = EncryptingCodec(FixedKeys())
    [encoded] = await codec.encode(DATA_CONVERTER.payload_converter.to_payloads([NUMBER]))
    changed = Payload()
    changed.CopyFrom(encoded)
    changed.data = encoded.data[:-1] + bytes([encoded.data[-1] ^ 1])
    with pytest.raises(PayloadDamaged, match="changed or damaged"):
        await codec.decode([changed])


async def test_the_words_of_an_error_and_of_its_causes_are_encoded_again_and_again() -> None:
    converter = encrypting(FixedKeys())
    error = ApplicationError("outer " + NUMBER)
    error.__cause__ = ApplicationError("inner " + NUMBER)
    told = Failure()
    await converter.encode_failure(error, told)
    assert NUMBER.encode() not in told.SerializeToString()
    read = await converter.decode_failure(told)
    assert (str(read), str(read.__cause__)) == ("outer " + NUMBER, "inner " + NUMBER)
    # As a workflow does that passes on what a step has raised.
    passed_on = Failure()
    await converter.encode_failure(read, passed_on)
    assert NUMBER.encode() not in passed_on.SerializeToString()
    again = await converter.decode_failure(passed_on)
    assert (str(again), str(again.__cause__)) == ("outer " + NUMBER, "inner " + NUMBER)


async def test_nothing_of_a_call_is_in_the_clear_in_its_history(client: Client) -> None:
    steps = FakeSteps()
    async with call(client, steps) as handle:
        await talking(handle)
        await handle.execute_update(CallWorkflow.send_digits, args=[BY_AGENT, "4711"])
        await over(handle)
        history = await handle.fetch_history()
    assert [part for event in history.events for part in clear_parts(event)] == []
    assert CALLER not in str(history.events)


async def test_a_call_that_fails_with_a_number_in_its_words_keeps_it_to_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = timeouts.RETRY[timeouts.Effort.ONCE]
    monkeypatch.setattr(timeouts, "RETRY", dict.fromkeys(timeouts.Effort, once))
    steps = FakeSteps(failing={ending.Finish: 9}, words_of_failure=f"nobody can be called at {NUMBER}")
    async with call(client, steps, sandboxed=False) as handle:
        await talking(handle)
        await handle.signal(CallWorkflow.leg_ended, CUSTOMER_LEFT)
        await reaches(handle, CallStage.WAITING)
        with pytest.raises(WorkflowFailureError) as failure:
            await over(handle)
        history = await handle.fetch_history()
    assert NUMBER in f"{failure.value.cause} {failure.value.cause.__cause__}"
    assert [part for event in history.events for part in clear_parts(event)] == []
    assert NUMBER not in str(history.events)


async def test_a_call_that_began_before_there_was_encryption_goes_on_after_an_update(client: Client) -> None:
    plain = await Client.connect(client.service_client.config.target_host, data_converter=DATA_CONVERTER)
    call_id, steps = str(ids.uuid7()), FakeSteps()
    arrival = Arrival(call_id, "test", "100", CALLER, "Caller", datetime.now(UTC))

    def worker(of: Client) -> Worker:
        runner = UnsandboxedWorkflowRunner()
        return Worker(of, task_queue=call_id, workflows=[CallWorkflow], activities=steps.all(), workflow_runner=runner)

    async with worker(plain):
        await talking(
            await plain.start_workflow(CallWorkflow.run, arrival, id=ids.workflow(call_id), task_queue=call_id)
        )
    handle: Handle = client.get_workflow_handle(ids.workflow(call_id))
    async with worker(client):
        await handle.execute_update(CallWorkflow.send_digits, args=[BY_AGENT, "4711"])
        await over(handle)
    assert steps.finished().disposition == "answered"
    assert CALLER in str((await handle.fetch_history()).events[0])
