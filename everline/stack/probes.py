"""Questions that tell whether a server works now."""

import asyncio
import ssl

_TIMEOUT = 2.0  # seconds


async def answers_http(host: str, port: int, path: str, *, tls: bool = False) -> bool:
    """Whether a GET of that path is answered with 200; over TLS by anybody, whatever the certificate."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port, ssl=_anybody() if tls else None)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
    return status.split(b" ")[1:2] == [b"200"]


def _anybody() -> ssl.SSLContext:
    """Asks our own process on this machine, whose certificate may be for other names."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
