"""The process of the portal."""

from api.config import ApiConfig
from api.main import run as serve
from everline.settings import Settings
from everline.stack.certificate import portal_certificate
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
            temporal_namespace=settings.temporal_namespace,
            temporal_tls=access.tls,
            temporal_api_key=access.api_key,
            asterisk_websocket=f"ws://127.0.0.1:{settings.asterisk_http_port}/ws",
            host=settings.host,
            port=settings.portal_port,
            time_zone=settings.time_zone,
            region=settings.region,
            certificate=files.certificate if files else None,
            key=files.key if files else None,
            draining=settings.draining,
        )
    )
