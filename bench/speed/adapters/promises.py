"""The floor with our promises: one straight function that does what the front door is for.

An API Gateway event in and its response out; verify, with the age of the time stamp; the caller's
conditional write and the queue's message put together; a private deferral; one log line with the
same fields and metrics. Left out is all that makes it a program: no option, type or field is
checked, nothing is routed, nobody is refused, one command and one language are known.
"""

import json
import os
import string
import sys
from collections.abc import Callable
from hashlib import sha256
from time import gmtime, monotonic, strftime, time
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

KEY = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_ALPHABET = string.digits + "ABCDEFGHJKMNPQRSTVWXYZ"
_METRICS = ("Commands", "Errors", "ColdStart", "AckMs", "GateMs", "QueueMs")
_DIRECTIVE = {
    "Namespace": "UtilsBot",
    "Dimensions": [["Group"]],
    "Metrics": [
        {"Name": n, "Unit": "Milliseconds" if n[-2:] == "Ms" else "Count"} for n in _METRICS
    ],
}


def _call(_target: str, _body: dict[str, Any]) -> None:
    """Where AWS would be called, as with our front door's BENCH_AWS=none."""


def _answer(
    status: int, body: dict[str, Any], began: float, line: dict[str, Any]
) -> dict[str, Any]:
    now = time()
    line["duration_ms"] = round((monotonic() - began) * 1000, 1)
    line["timestamp"] = f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(now))}.{int(now % 1 * 1000):03d}Z"
    if "group" in line:
        line["_aws"] = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [_DIRECTIVE]}
        line |= {"Group": "interactions", "Commands": 1, "Errors": 0, "ColdStart": 0}
        line |= {"AckMs": line["duration_ms"], "GateMs": 0.1, "QueueMs": 0.1}
    sys.stdout.write(
        _ENCODE({"level": "INFO", "event": "interaction", "status": status, **line}) + "\n"
    )
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": _ENCODE(body)}


def _reference(interaction_id: str) -> str:
    number = int(interaction_id)
    digits = "".join([_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5)])
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def handle(event: dict[str, Any]) -> dict[str, Any]:
    """An event of API Gateway in, its response out."""
    began, headers, text = monotonic(), event["headers"], event["body"]
    timestamp, raw = headers["x-signature-timestamp"], text.encode()
    try:
        KEY.verify(timestamp.encode() + raw, bytes.fromhex(headers["x-signature-ed25519"]))
    except BadSignatureError:
        return _answer(401, {}, began, {"outcome": "unauthorized"})
    now = time()
    if not -30 <= now - int(timestamp) <= 300:
        return _answer(401, {}, began, {"outcome": "stale"})
    body = json.loads(raw)
    if body["type"] == 1:
        return _answer(200, {"type": 1}, began, {"outcome": "pong"})
    user, name, number = body["member"]["user"], body["data"]["name"], body["id"]
    now_ms, locale = int(now * 1000), body["locale"]
    write = {
        "TableName": "table",
        "Key": {"pk": {"S": f"USER#{user['id']}"}, "sk": {"S": "PROFILE"}},
        "UpdateExpression": "SET #name = :name, …",
        "ConditionExpression": "attribute_not_exists(blacklisted) AND …",
        "ExpressionAttributeNames": {"#name": "name", "#paid": f"cooldown_{name}"},
        "ExpressionAttributeValues": {
            ":id": {"S": number},
            ":name": {"S": user["username"]},
            ":locale": {"S": locale},
            ":now": {"N": str(now_ms)},
            ":one": {"N": "1"},
            ":true": {"BOOL": True},
            ":day": {"S": strftime("%Y-%m-%d", gmtime(now))},
            ":next": {"N": str(now_ms + 6000)},
        },
        "ReturnValues": "ALL_OLD",
    }
    _call("DynamoDB_20120810.UpdateItem", write)
    told = {"v": 1, "received_at": now, "developer": False, "private": True, "language": "en-US"}
    message = f'{_ENCODE(told)[:-1]},"interaction":{text}}}'
    _call("AmazonSQS.SendMessage", {"QueueUrl": "https://sqs/1/tools", "MessageBody": message})
    line = {
        "interaction_id": number,
        "reference": _reference(number),
        "user": sha256(f"utilsbot:{user['id']}".encode()).hexdigest()[:12],
        "guild_id": body["guild_id"],
        "command": name,
        "group": "tools",
        "outcome": "deferred",
        "verdict": "admitted",
    }
    return _answer(200, {"type": 5, "data": {"flags": 64}}, began, line)


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, str]]:
    """A call of the function."""
    event = {"version": "2.0", "headers": headers, "body": body, "isBase64Encoded": False}

    def call() -> tuple[int, str]:
        answer = handle(event)
        return answer["statusCode"], answer["body"]

    return call
