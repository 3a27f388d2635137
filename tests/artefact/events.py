"""Events as AWS sends them to functions."""

import time
from collections.abc import Mapping
from typing import Any

from nacl.signing import SigningKey

KEY = SigningKey(bytes(32))
PUBLIC_KEY = KEY.verify_key.encode().hex()


def http_event(body: bytes, *, key: SigningKey = KEY) -> dict[str, Any]:
    """What the HTTP API makes of Discord's request (payload format 2.0)."""
    timestamp = str(int(time.time()))
    signature = key.sign(timestamp.encode() + body).signature.hex()
    return {
        "version": "2.0",
        "routeKey": "POST /interactions",
        "rawPath": "/interactions",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "x-signature-ed25519": signature,
            "x-signature-timestamp": timestamp,
        },
        "requestContext": {"http": {"method": "POST", "path": "/interactions"}},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def sqs_event(*messages: Mapping[str, Any]) -> dict[str, Any]:
    """What the event source mapping makes of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
                "awsRegion": "us-east-1",
            }
            for message in messages
        ]
    }
