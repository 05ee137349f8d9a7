"""What carriers differ in."""

from enum import StrEnum


class Transport(StrEnum):
    """By what SIP is carried to a trunk."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Dtmf(StrEnum):
    """How pressed keys travel on a trunk, in Asterisk's words."""

    AUTO = "auto"
    """By RFC 4733 where the other side offers it, else in the sound."""
    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"


CODECS = frozenset({"alaw", "ulaw", "g722", "opus"})
"""The codecs that this program brings."""
