"""A client of the endpoint that is as cheap as it can be: raw connections, kept alive."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from local.discord.signing import Signer, encode

_IDLE_S = 60.0


class Ack(NamedTuple):
    """What the endpoint said to an interaction."""

    status: int
    """0: nothing, the connection broke."""
    callback: Any
    sent_at: float
    """Epoch seconds."""
    elapsed_s: float


class Endpoint:
    """POSTs signed interactions."""

    def __init__(self, url: str, signer: Signer) -> None:
        """Args: url: of the stack."""
        self.url = url
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._signer = signer
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, float]] = []
        """Each with the moment since when it has been idle."""

    async def post(self, body: Mapping[str, Any]) -> Ack:
        """The answer to an interaction; a broken connection is status 0."""
        content = encode(body)
        sent_at, began = time.time(), time.monotonic()
        headers = self._signer.headers(content, sent_at)
        try:
            status, answer = await self._exchange(headers, content)
        except (OSError, asyncio.IncompleteReadError):
            status, answer = 0, b""
        elapsed_s = time.monotonic() - began
        return Ack(status, json.loads(answer) if status == 200 else None, sent_at, elapsed_s)

    async def close(self) -> None:
        """Closes the connections."""
        for _, writer, _ in self._idle:
            writer.close()
            await writer.wait_closed()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """One that the server has not given up yet."""
        while self._idle:
            reader, writer, since = self._idle.pop()
            if time.monotonic() - since < _IDLE_S:
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)

    async def _exchange(self, headers: Mapping[str, str], content: bytes) -> tuple[int, bytes]:
        reader, writer = await self._connection()
        lines = [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Host: {self._host}:{self._port}", f"Content-Length: {len(content)}"]
        head = "POST /interactions HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        writer.write(head.encode() + content)
        raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in raw[1:] if line)
        answered = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(answered.get("content-length", "0")))
        self._idle.append((reader, writer, time.monotonic()))
        return int(raw[0].split()[1]), body
