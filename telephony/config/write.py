from collections.abc import Callable
from pathlib import Path

from telephony.config import ari, core, dialplan, modules, music, sip
from telephony.config.site import AsteriskSite
from telephony.config.unused import UNUSED

_FILES: dict[str, Callable[[AsteriskSite], str]] = {
    "asterisk.conf": core.asterisk_conf,
    "modules.conf": modules.modules_conf,
    "logger.conf": core.logger_conf,
    "http.conf": core.http_conf,
    "rtp.conf": core.rtp_conf,
    "musiconhold.conf": music.musiconhold_conf,
    "ari.conf": ari.ari_conf,
    "websocket_client.conf": ari.websocket_client_conf,
    "pjsip.conf": sip.pjsip_conf,
    "sorcery.conf": sip.sorcery_conf,
    "extensions.conf": dialplan.extensions_conf,
}


def write_configuration(site: AsteriskSite) -> None:
    """Make the site's folders and write every file anew. Raises ProgramUnsuitable and OSError."""
    for folder in (
        site.config_dir,
        site.state_dir,
        site.run_dir,
        site.log_dir,
        site.spool_dir,
        site.recording_dir,
        site.key_dir,
    ):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in _rendered(site).items():
        path = site.config_dir / name
        # The ARI password is in two of them.
        path.touch(mode=0o600)
        path.write_text(text)


def changed_files(site: AsteriskSite) -> list[str]:
    """The files that would be written otherwise than they are, which a running Asterisk has not read."""
    return [name for name, text in _rendered(site).items() if _written(site.config_dir / name) != text]


def _rendered(site: AsteriskSite) -> dict[str, str]:
    return UNUSED | {name: render(site) for name, render in _FILES.items()}


def _written(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None
