"""The certificate under which browsers of other machines find the portal: only HTTPS pages get a microphone."""

import ipaddress
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from everline.settings import Settings
from everline.stack.errors import StackError

_LASTS = timedelta(days=397)
"""As long as browsers accept, in case somebody lets them trust it."""
_RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


def portal_certificate(settings: Settings) -> Certificate | None:
    """What the portal speaks HTTPS with: the one that the settings name, or off this machine one of its own.

    None for plain HTTP, which browsers trust on this machine only.
    """
    if settings.certificate is not None and settings.key is not None:
        return Certificate(settings.certificate, settings.key)
    if _is_loopback(settings.host):
        return None
    folder = settings.home / "tls"
    return Certificate(folder / "portal.crt", folder / "portal.key")


def names_of(certificate: Path) -> frozenset[str]:
    """The host names that a certificate is for, also such as *.example.org; none when it cannot be read."""
    try:
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return frozenset()
    return frozenset(names.get_values_for_type(x509.DNSName))


def own_fingerprint(settings: Settings) -> str | None:
    """SHA-256 of the certificate that the portal has made itself, as browsers show it. None where it has none.

    Users who accept it can compare: somebody else on the network could show one of theirs, and read the password.
    """
    wanted = portal_certificate(settings)
    if wanted is None or settings.certificate is not None:
        return None
    known = x509.load_pem_x509_certificate(wanted.certificate.read_bytes())
    return known.fingerprint(hashes.SHA256()).hex(":").upper()


def ensure_certificate(settings: Settings, now: datetime | None = None) -> None:
    """Makes the portal's own certificate when it needs one that is not there, is for another name, or ends soon.

    Raises StackError for a file of the settings that is not there.
    """
    wanted = portal_certificate(settings)
    if wanted is None:
        return
    if settings.certificate is not None:
        missing = next((path for path in (wanted.certificate, wanted.key) if not path.is_file()), None)
        if missing is not None:
            raise StackError(f"There is no file {missing}. Set EVERLINE_CERTIFICATE and EVERLINE_KEY to PEM files.")
        return
    moment, names = now or datetime.now(UTC), _names(settings.host)
    if not _is_good(wanted, names, moment):
        _make(wanted, names, moment)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _names(host: str) -> list[x509.GeneralName]:
    """The names by which browsers may know this machine."""
    names: dict[str, None] = dict.fromkeys([host, socket.gethostname(), "localhost", "127.0.0.1"])
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            found.append(x509.DNSName(name))
        else:
            if not address.is_unspecified:
                found.append(x509.IPAddress(address))
    return found


def _is_good(files: Certificate, names: list[x509.GeneralName], now: datetime) -> bool:
    try:
        known = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        if not files.key.is_file():
            return False
        there = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return list(there) == names and known.not_valid_after_utc > now + _RENEWED_BEFORE


def _make(files: Certificate, names: list[x509.GeneralName], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Everline")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    plain = serialization.NoEncryption()
    files.key.touch(mode=0o600)
    files.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
