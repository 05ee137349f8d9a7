import re

from telephony.ari import AriHttp
from telephony.provisioning import Provisioning
from telephony.trunk import Trunk
from tests.phones.raw_caller import RawCaller
from tests.telephony.node import CALLER_ADDRESS
from tests.telephony.running import RunningAsterisk


async def test_every_application_and_function_of_the_dialplan_is_there(running: RunningAsterisk) -> None:
    dialplan = (running.site.config_dir / "extensions.conf").read_text()
    applications = set(re.findall(r"(?:^exten = [^,]+,1|^ same = n(?:\(\w+\))?),(\w+)\(", dialplan, re.MULTILINE))
    functions = set(re.findall(r"\b([A-Z]+)\(", dialplan))
    assert {"Stasis", "GotoIf", "Playback", "Hangup"} <= applications
    assert functions == {"CALLERID", "CHANNEL", "FILTER", "LEN", "TIMEOUT"}
    for name in applications:
        assert f"Application '{name}'" in await running.console(f"core show application {name}")
    for name in functions:
        assert f"Function '{name}'" in await running.console(f"core show function {name}")


async def test_a_caller_gets_503_when_our_application_is_gone(own_asterisk: RunningAsterisk) -> None:
    await own_asterisk.start()
    # While Asterisk still tries to reach a node, calls wait; this is how it ends when it no longer tries.
    await own_asterisk.console("ari shutdown websocket sessions")
    site = own_asterisk.site
    async with AriHttp(site.http_port, site.ari_user, site.ari_password) as http:
        await Provisioning(http).push_trunk(Trunk("line", f"{CALLER_ADDRESS}:9", [CALLER_ADDRESS]))
    async with RawCaller.start(CALLER_ADDRESS) as caller:
        caller.dial(f"127.0.0.1:{own_asterisk.site.sip_port}", "5000", b"<sip:+4930555@x>")
        assert await caller.wait_for(300) == 503
    assert "No application" not in own_asterisk.log
