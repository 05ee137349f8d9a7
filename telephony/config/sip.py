"""SIP: transports, and where endpoints come from. Extensions and trunks themselves are pushed, see provisioning."""

from domain.phones.realm import REALM
from telephony.config.dialplan import REFUSED_CONTEXT
from telephony.config.site import DEMO_ADDRESS, AsteriskSite

DEMO_TRUNK = "demo"
"""The trunk by which the demo caller comes in. It is there only while a demo call comes in, see provisioning."""
DEMO_CALLER = "everline-demo"
"""The demo caller's own side of that call."""

NO_REPLACES = "no-replaces"
"""The endpoint of requests to take over another leg (Replaces, RFC 3891). Asterisk would swap the channels before our
dialplan, and also where an endpoint allows no transfers. So such requests are this endpoint's, which lets nobody in."""

TLS_TRANSPORT = "transport-tls"
"""By what trunks are reached that want TLS."""

_OBJECTS = {
    # An address list has no written form, so the database would keep an empty one: it is pushed at each connection.
    "acl": (("acl", None),),
    "res_pjsip": (("auth", "ps_auths"), ("aor", "ps_aors"), ("endpoint", "ps_endpoints")),
    "res_pjsip_endpoint_identifier_ip": (("identify", "ps_endpoint_id_ips"),),
    "res_pjsip_outbound_registration": (("registration", "ps_registrations"),),
}


def pjsip_conf(site: AsteriskSite) -> str:
    """pjsip.conf: UDP, TCP and websocket transports, and the demo caller."""
    address = f"[{site.sip_address}]" if ":" in site.sip_address else site.sip_address
    tls = _tls(site, address)
    # The header first: only Replaces is one. Then names: a phone behind a trunk's address is that phone. Only phones
    # are known by name, and then prove it.
    # Without a pause between unknown senders Asterisk logs a scanner's every packet.
    return f"""\
[global]
type = global
user_agent = Everline
default_realm = {REALM}
endpoint_identifier_order = header,username,auth_username,ip
ignore_uri_user_options = yes
max_initial_qualify_time = 4
[transport-udp]
type = transport
protocol = udp
bind = {address}:{site.sip_port}
[transport-tcp]
type = transport
protocol = tcp
bind = {address}:{site.sip_port}
{tls}[transport-ws]
type = transport
protocol = ws
bind = 127.0.0.1
websocket_write_timeout = 5000
{_no_replaces()}{_demo(site)}
#tryinclude everline-extra/pjsip.conf
"""


def _tls(site: AsteriskSite, address: str) -> str:
    """The transport by which trunks are reached that want TLS."""
    if site.sip_tls_port is None:
        return ""
    lines = [
        f"[{TLS_TRANSPORT}]",
        "type = transport",
        "protocol = tls",
        "method = tlsv1_2",
        f"bind = {address}:{site.sip_tls_port}",
        f"verify_server = {'yes' if site.verify_carriers else 'no'}",
    ]
    if site.ca_file is not None:
        lines.append(f"ca_list_file = {site.ca_file}")
    if site.certificate is not None and site.key is not None:
        lines += [f"cert_file = {site.certificate}", f"priv_key_file = {site.key}"]
    return "\n".join([*lines, ""])


def _no_replaces() -> str:
    """The endpoint of requests to take over another leg: no password lets them in."""
    return f"""\
[{NO_REPLACES}]
type = endpoint
identify_by = header
context = {REFUSED_CONTEXT}
disallow = all
allow = ulaw
allow_transfer = no
deny = 0.0.0.0/0.0.0.0
deny = ::/0
[{NO_REPLACES}]
type = identify
endpoint = {NO_REPLACES}
match_header = Replaces: /./
"""


def _demo(site: AsteriskSite) -> str:
    """The demo caller: it dials our own SIP port from an address of its own, so its call is as real as any."""
    return f"""\
[transport-demo]
type = transport
protocol = udp
bind = {DEMO_ADDRESS}:{site.demo_port}
[{DEMO_CALLER}]
type = endpoint
identify_by = ip
transport = transport-demo
aors = {DEMO_CALLER}
context = {REFUSED_CONTEXT}
disallow = all
allow = ulaw,alaw
direct_media = no
send_pai = yes
trust_id_outbound = yes
[{DEMO_CALLER}]
type = aor
contact = sip:{site.local_sip_address}:{site.sip_port}
"""


def sorcery_conf(_site: AsteriskSite) -> str:
    """sorcery.conf: objects are read from the file first, then from Asterisk's own database, which ARI writes."""
    lines: list[str] = []
    for module, objects in _OBJECTS.items():
        lines.append(f"[{module}]")
        for kind, family in objects:
            if family is None:
                lines.append(f"{kind} = memory")
                continue
            # Else each look-up reads and parses the database's text anew, and logs a warning for each endpoint.
            lines.append(f"{kind}/cache = memory_cache,expire_on_reload=yes")
            lines.append(f"{kind} = config,pjsip.conf,criteria=type={kind}")
            lines.append(f"{kind} = astdb,{family}")
    return "\n".join(lines) + "\n"
