"""The process of the portal."""

import socket
from pathlib import Path

from api.config import ApiConfig
from api.main import run as serve
from everline.settings import Settings
from everline.stack.certificate import names_of, portal_certificate
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import access_of


def run(settings: Settings) -> None:
    """Serves the portal until a signal ends it."""
    access = access_of(settings)
    files = portal_certificate(settings)
    serve(
        ApiConfig(
            database_url=settings.database,
            temporal_address=settings.temporal,
            recordings=settings.recordings,
            history_secret=read_secret(settings.home, Secret.HISTORY),
            temporal_namespace=settings.temporal_namespace,
            temporal_tls=access.tls,
            temporal_api_key=access.api_key,
            asterisk_websocket=f"ws://127.0.0.1:{settings.asterisk_http_port}/ws",
            host=settings.host,
            names=_names(settings, files.certificate if files else None),
            trusted_proxies=_parts(settings.trusted_proxies),
            port=settings.portal_port,
            time_zone=settings.time_zone,
            region=settings.region,
            certificate=files.certificate if files else None,
            key=files.key if files else None,
            draining=settings.draining,
        )
    )


def _names(settings: Settings, certificate: Path | None) -> frozenset[str]:
    """The names by which browsers may reach the portal: those told, this machine's, and the certificate's."""
    names = {"localhost", socket.gethostname(), settings.host, *_parts(settings.portal_hosts)}
    if certificate is not None:
        names |= names_of(certificate)
    return frozenset(name.lower() for name in names)


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()
