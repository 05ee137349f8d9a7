"""Questions that tell whether a server works now."""

import asyncio

_TIMEOUT = 2.0  # seconds


async def answers_http(host: str, port: int, path: str) -> bool:
    """Whether a GET of that path is answered with 200."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
    return status.split(b" ")[1:2] == [b"200"]
