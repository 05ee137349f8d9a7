import socket
from collections.abc import Iterator

import pytest

from everline.stack.errors import PortInUse, StackError
from everline.stack.ports import Kind, NeededPort, needed_ports
from tests.support.stack import free_ports, stack_settings, temporary_home


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_names_the_part_the_port_and_the_setting(taken: int) -> None:
    with pytest.raises(PortInUse) as caught:
        NeededPort("The portal", "portal_port", "127.0.0.1", taken).check()
    assert str(caught.value) == (
        f"The portal needs port {taken} (TCP) on 127.0.0.1, and another program has it. "
        "Stop that program, or set EVERLINE_PORTAL_PORT to a free port."
    )


def test_the_same_port_is_free_for_another_kind(taken: int) -> None:
    NeededPort("SIP", "sip_port", "127.0.0.1", taken, Kind.UDP).check()


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(StackError, match=r"cannot listen on 192\.0\.2\.1"):
        NeededPort("SIP", "sip_port", "192.0.2.1", free_ports(1)[0]).check()


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(StackError, match="no such host"):
        NeededPort("The portal", "portal_port", "no-such-host.invalid", 8000).check()


def test_only_the_parts_that_are_started_need_their_ports() -> None:
    with temporary_home() as home:
        settings = stack_settings(home)
    assert [port.setting for port in needed_ports(settings, frozenset({"temporal", "api"}))] == [
        "temporal_port",
        "portal_port",
    ]
