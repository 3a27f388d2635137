"""Stands between the functions and the local AWS, passes everything on, and injects its faults.

It works with any endpoint. One connection of a function has one of its own to AWS; only lengths
are read of what passes, and of requests the operation (X-Amz-Target).
"""

import asyncio
import json
from typing import NamedTuple

from local.faults import Faults
from local.serving import HOST, loopback_socket

_LIMIT_BYTES = 1024 * 1024
_SLOW_S = (0.1, 3.0)
"""The front door waits 0.8 s for the store, a worker 2 s."""
_SLOWER_S = (0.01, 0.15)
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_THROTTLES = ("ProvisionedThroughputExceededException", "ThrottlingException")
_REFUSALS = ("ServiceUnavailable", "RequestThrottled", "reset")


class Head(NamedTuple):
    """The first line and the headers of a message."""

    raw: bytes
    first: str
    headers: dict[str, str]

    @property
    def operation(self) -> str:
        """As `DynamoDB_20120810.PutItem`; empty for other protocols."""
        return self.headers.get("x-amz-target", "")


class Fault(NamedTuple):
    """What a call meets."""

    delay_before_s: float = 0.0
    delay_after_s: float = 0.0
    status: int = 0
    body: bytes = b""
    reset: bool = False


class AwsProxy:
    """A server on a loopback port."""

    def __init__(self, host: str, port: int, faults: Faults) -> None:
        """Args: host, port: of the local AWS."""
        self._upstream = (host, port)
        self._faults = faults
        self._socket = loopback_socket()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"

    async def start(self) -> None:
        """Listens when it returns."""
        self._server = await asyncio.start_server(
            self._serve, sock=self._socket, limit=_LIMIT_BYTES
        )

    async def stop(self) -> None:
        """Closes every connection."""
        if self._server:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        upstream: list[asyncio.StreamWriter] = []
        close = writer.close
        try:
            if await self._pass_on(reader, writer, upstream):
                close = writer.transport.abort
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # either side hung up, which is its right
        except asyncio.CancelledError:
            pass  # we are stopping; nobody awaits this task's end but `stop`
        finally:
            self._open.discard(task)
            close()
            for end in upstream:
                end.transport.abort()

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: list[asyncio.StreamWriter],
    ) -> bool:
        """Every request of one connection; whether it is to end with a reset."""
        answers: asyncio.StreamReader | None = None
        while head := await _read_head(reader):
            body = await _read_body(reader, head)
            fault = self._fault(head.operation)
            await asyncio.sleep(fault.delay_before_s)
            if fault.reset:
                return True
            if fault.status:
                writer.write(_answer(fault))
                continue
            if answers is None or answers.at_eof():
                answers, sender = await asyncio.open_connection(*self._upstream, limit=_LIMIT_BYTES)
                upstream.append(sender)
            upstream[-1].write(head.raw + body)
            answer = await _read_head(answers)
            if answer is None:
                return False
            content = await _read_body(answers, answer, until_end=True)
            await asyncio.sleep(fault.delay_after_s)
            writer.write(answer.raw + content)
            await writer.drain()
            if answer.headers.get("connection", "").lower() == "close":
                return False
        return False

    def _fault(self, operation: str) -> Fault:
        service, _, name = operation.partition(".")
        fault = Fault()
        if service.startswith("DynamoDB") and self._faults.happens("store_throttle", name):
            fault = self._throttled(name)
        elif name == "SendMessage" and self._faults.happens("queue_refuses"):
            fault = self._refused()
        elif service.startswith("DynamoDB") and self._faults.happens("slow_store", name):
            fault = self._slow("slow_store", name, *_SLOW_S)
        elif self._faults.happens("slow_everything", name):
            fault = self._slow("slow_everything", name, *_SLOWER_S)
        return fault

    def _slow(self, fault: str, name: str, low: float, high: float) -> Fault:
        """Late: before AWS has done the work, or after it, when giving up does not undo it."""
        delay_s = self._faults.between(fault, low, high, name)
        before = self._faults.one_of(fault, ("before", "after"), name) == "before"
        return Fault(delay_before_s=delay_s) if before else Fault(delay_after_s=delay_s)

    def _throttled(self, name: str) -> Fault:
        codes = [*_THROTTLES, "InternalServerError"]
        if name in _WRITES:
            codes.append("TransactionConflictException")
        if name == "TransactWriteItems":
            codes += ["TransactionCanceledException"] * 2
        code = self._faults.one_of("store_throttle", codes, name)
        body: dict[str, object] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}
        body["message"] = "on purpose, by --faults store_throttle"
        if code == "TransactionCanceledException":
            body["message"] = "Transaction cancelled [TransactionConflict, None]"
            body["CancellationReasons"] = [
                {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
                {"Code": "None"},
            ]
        status = 500 if code == "InternalServerError" else 400
        return Fault(status=status, body=json.dumps(body).encode())

    def _refused(self) -> Fault:
        code = self._faults.one_of("queue_refuses", _REFUSALS)
        if code == "reset":
            return Fault(reset=True)
        body = {"__type": f"com.amazonaws.sqs#{code}", "message": "on purpose, by --faults"}
        return Fault(
            status=503 if code == "ServiceUnavailable" else 400, body=json.dumps(body).encode()
        )


def _answer(fault: Fault) -> bytes:
    reason = {400: "Bad Request", 500: "Internal Server Error", 503: "Service Unavailable"}
    head = (
        f"HTTP/1.1 {fault.status} {reason[fault.status]}\r\n"
        "Content-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(fault.body)}\r\n\r\n"
    )
    return head.encode() + fault.body


async def _read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next message's head; None if the connection ended where it may."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    first, *lines = raw.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return Head(raw, first, {name.strip().lower(): value.strip() for name, _, value in pairs})


async def _read_body(reader: asyncio.StreamReader, head: Head, *, until_end: bool = False) -> bytes:
    """The body as it came, chunks and all."""
    if "chunked" in head.headers.get("transfer-encoding", "").lower():
        return await _read_chunks(reader)
    if length := head.headers.get("content-length"):
        return await reader.readexactly(int(length))
    closes = until_end and head.headers.get("connection", "").lower() == "close"
    return await reader.read(-1) if closes else b""


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    whole = bytearray()
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        whole += line + await reader.readexactly(size + 2)
        if not size:
            return bytes(whole)
