"""What leads elsewhere of the phones that registered while the node was away."""

from dataclasses import dataclass, field
from typing import cast

from everline.node.phones.contacts import Contacts
from telephony.provisioning import Provisioning

# As Asterisk's console writes it, shortened.
LISTED = """\
/registrar/contact/1001;@0cc1                    : {"uri":"sip:a@127.0.0.3:5060^3Bmaddr=127.0.0.9","via_port":5060}
/registrar/contact/1002;@0cc2                    : {"uri":"sip:b@127.0.0.3:5062^3Btransport=udp","via_port":5062}
/registrar/contact/1003;@0cc3                    : broken
2 results found.
"""


@dataclass
class Forgetting:
    forgotten: list[tuple[str, str]] = field(default_factory=list)

    async def forget_contact(self, number: str, address: str) -> bool:
        self.forgotten.append((number, address))
        return True


async def test_only_those_are_turned_away_that_lead_elsewhere() -> None:
    provisioning = Forgetting()

    async def console(command: str) -> str:
        assert command == "database show registrar"
        return LISTED

    await Contacts(cast("Provisioning", provisioning), console).turn_away_all()
    assert provisioning.forgotten == [("1001", "sip:a@127.0.0.3:5060;maddr=127.0.0.9")]
