"""How Asterisk and the node process find each other: Asterisk calls us, and keeps calling."""

from telephony.config.site import AsteriskSite

APPLICATION = "everline"
"""The name under which our calls enter ARI."""

# Milliseconds. Asterisk drops the websocket when one write blocks this long; its default of 100 ms would drop
# us for one slow garbage collection or a busy disk.
_WRITE_TIMEOUT = 10_000
_RECONNECT_INTERVAL = 100
_CONNECTION_TIMEOUT = 1_000


def ari_conf(site: AsteriskSite) -> str:
    """ari.conf: our user and the outbound websocket that speaks for the application."""
    return f"""\
[general]
enabled = yes
pretty = no
websocket_write_timeout = {_WRITE_TIMEOUT}
[{site.ari_user}]
type = user
read_only = no
password = {site.ari_password}
password_format = plain
[node]
type = outbound_websocket
websocket_client_id = node
apps = {APPLICATION}
subscribe_all = no
local_ari_user = {site.ari_user}
"""


def websocket_client_conf(site: AsteriskSite) -> str:
    """websocket_client.conf. A persistent connection keeps the application and queues events while we are away."""
    return f"""\
[node]
type = websocket_client
connection_type = persistent
uri = {site.node_url}
protocols = ari
username = {site.ari_user}
password = {site.ari_password}
connection_timeout = {_CONNECTION_TIMEOUT}
reconnect_interval = {_RECONNECT_INTERVAL}
reconnect_attempts = 600
tls_enabled = no
"""
