"""ARI as a transport: requests and events over the websocket that Asterisk opens to us."""

from telephony.ari.http import AriHttp
from telephony.ari.link import AriLink
from telephony.ari.request import REQUEST_TIMEOUT, Method, Requester, path
from telephony.ari.server import AriServer

__all__ = ["REQUEST_TIMEOUT", "AriHttp", "AriLink", "AriServer", "Method", "Requester", "path"]
