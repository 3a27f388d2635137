"""local.aws_proxy: AWS's faults as boto3 meets them on the wire."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from local.aws_proxy import AwsProxy
from local.faults import parse

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "InternalServerError",
    "TransactionConflictException",
}


@contextmanager
def _proxy(aws_url: str, spec: str) -> Iterator[str]:
    """A proxy that runs in a thread of its own."""
    where = urlsplit(aws_url)
    loop = asyncio.new_event_loop()
    proxy = AwsProxy(str(where.hostname), where.port or 80, parse(f"{spec},seed=3"))
    loop.run_until_complete(proxy.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield proxy.url
    finally:
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _client(service: str, url: str, read_timeout_s: float = 10) -> Any:
    config = Config(
        read_timeout=read_timeout_s, retries={"total_max_attempts": 1, "mode": "standard"}
    )
    return boto3.client(service, endpoint_url=url, config=config)  # type: ignore[call-overload]


def _row(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"P{number}"}, "sk": {"S": "S"}}


def _error(call: Any, **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_without_a_fault_everything_passes(moto_url: str, table: str, queue_url: str) -> None:
    """Of any service, over one connection."""
    with _proxy(moto_url, "store_throttle=0") as url:
        dynamodb = _client("dynamodb", url)
        for number in range(3):
            dynamodb.put_item(TableName=table, Item=_row(number))
        sqs = _client("sqs", url)
        sqs.send_message(QueueUrl=queue_url, MessageBody="hello")

        assert dynamodb.scan(TableName=table)["Count"] == 3
        (message,) = sqs.receive_message(QueueUrl=queue_url)["Messages"]
        assert message["Body"] == "hello"


def test_a_throttled_write_is_not_carried_out(moto_url: str, table: str) -> None:
    """In each of the ways in which DynamoDB refuses."""
    with _proxy(moto_url, "store_throttle=1") as url:
        put = _client("dynamodb", url).put_item
        codes = {_error(put, TableName=table, Item=_row(number)) for number in range(20)}

    assert codes == _THROTTLED
    assert boto3.client("dynamodb").scan(TableName=table)["Count"] == 0


def test_a_transaction_meets_another_one(moto_url: str, table: str) -> None:
    """As a cancelled transaction with its reasons, which boto3 can read."""
    with _proxy(moto_url, "store_throttle=1") as url:
        client = _client("dynamodb", url)
        items = [{"Put": {"TableName": table, "Item": _row(1)}}]
        reasons = []
        for _ in range(20):
            try:
                client.transact_write_items(TransactItems=items)
            except client.exceptions.TransactionCanceledException as error:
                reasons.append(error.response["CancellationReasons"][0]["Code"])
            except ClientError:
                continue

    assert reasons
    assert set(reasons) == {"TransactionConflict"}


def test_a_queue_that_refuses_takes_nothing(moto_url: str, queue_url: str) -> None:
    """It says so, or its connection breaks; what was sent before stays."""
    codes = set()
    with _proxy(moto_url, "queue_refuses=1") as url:
        for _ in range(20):
            try:
                codes.add(
                    _error(_client("sqs", url).send_message, QueueUrl=queue_url, MessageBody="a")
                )
            except ConnectionClosedError:
                codes.add("broken")

    assert codes == {"ServiceUnavailable", "RequestThrottled", "broken"}
    assert "Messages" not in boto3.client("sqs").receive_message(QueueUrl=queue_url)


def test_a_slow_store_has_sometimes_done_what_nobody_waited_for(moto_url: str, table: str) -> None:
    """The time-out of a caller undoes nothing."""
    with _proxy(moto_url, "slow_store=1") as url:
        put = _client("dynamodb", url, read_timeout_s=0.05).put_item
        for number in range(6):
            with pytest.raises(ReadTimeoutError):
                put(TableName=table, Item=_row(number))
        deadline = time.monotonic() + 10
        count = 0
        while not count and time.monotonic() < deadline:
            count = boto3.client("dynamodb").scan(TableName=table)["Count"]

    assert 0 < count < 6


def test_everything_is_slow_and_works(moto_url: str, table: str, queue_url: str) -> None:
    """A delay is no error."""
    with _proxy(moto_url, "slow_everything=1") as url:
        began = time.monotonic()
        _client("dynamodb", url).put_item(TableName=table, Item=_row(1))
        _client("sqs", url).send_message(QueueUrl=queue_url, MessageBody="a")

        assert time.monotonic() - began > 0.02
