"""The workers' way to DynamoDB: boto3's low-level client with short time-outs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from utilsbot.errors import StoreError
from utilsbot.store.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

CONDITION_FAILED = "ConditionalCheckFailedException"


def connect() -> "DynamoDBClient":
    """A client for the environment's region and endpoint: three tries, 2 s each at the most."""
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.client("dynamodb", config=config)


def connect_once() -> "DynamoDBClient":
    """A client for what is written when an invocation's time may be nearly over.

    One try of 1.5 s at the most, so that the function's end does not cut it off; whoever has more
    time repeats it (utilsbot.store.persistence).
    """
    config = Config(connect_timeout=0.5, read_timeout=1, retries={"total_max_attempts": 1})
    return boto3.client("dynamodb", config=config)


def key_of(key: Key) -> dict[str, Any]:
    """A key in DynamoDB's JSON."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def item_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes in DynamoDB's JSON; None is left out. Numbers are int or Decimal."""
    return {name: _serialize(value) for name, value in values.items() if value is not None}


def values_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's JSON as Python values; numbers become Decimal."""
    return {name: _deserialize(value) for name, value in item.items()}


def store_error(error: ClientError | BotoCoreError) -> StoreError:
    """The error for the caller, with AWS's code and nothing of the request."""
    if isinstance(error, ClientError):
        return StoreError(error.response["Error"]["Code"])
    return StoreError(type(error).__name__)


def write_if(call: Callable[..., object], **request: Any) -> bool:
    """A conditional write; False if the condition did not hold. Otherwise as `in_the_way`."""
    return in_the_way(call, **request) is None


def in_the_way(call: Callable[..., object], **request: Any) -> dict[str, Any] | None:
    """A conditional write: None, or the row for which the condition did not hold.

    Args:
        call: a write of boto3's client.
        request: its arguments, a ConditionExpression among them; the row is empty without
            ReturnValuesOnConditionCheckFailure.

    Raises:
        StoreError: DynamoDB did not answer or refused.
    """
    try:
        call(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] != CONDITION_FAILED:
            raise store_error(error) from None
        response: Mapping[str, Any] = error.response
        return values_of(response.get("Item", {}))
    except BotoCoreError as error:
        raise store_error(error) from None
    return None
