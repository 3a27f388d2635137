"""The floor: PyNaCl's verify, json.loads and json.dumps; with BENCH_SENDS, that many signed sends.

The sends are the least that AWS takes: Signature Version 4 by hmac over http.client and TLS, one
connection for each, SQS's SendMessage with the request as its body. No gate, no routing, no checks.
"""

import json
import os
from collections.abc import Callable

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

KEY = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
_SENDS = int(os.environ.get("BENCH_SENDS", "0"))
_REGION, _SERVICE = "eu-central-1", "sqs"

if _SENDS:
    import hashlib
    import hmac
    import time
    from http.client import HTTPSConnection

    _HOST = os.environ["AWS_ENDPOINT_URL"].partition("//")[2]
    _CONNECTIONS = [HTTPSConnection(_HOST, timeout=5) for _ in range(_SENDS)]


def _send(number: int, body: str) -> None:
    content = json.dumps({"QueueUrl": "https://sqs/1/tools", "MessageBody": body}).encode()
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = f"{moment[:8]}/{_REGION}/{_SERVICE}/aws4_request"
    digest = hashlib.sha256(content).hexdigest()
    canonical = f"POST\n/\n\nhost:{_HOST}\nx-amz-date:{moment}\n\nhost;x-amz-date\n{digest}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4secret"
    for part in (moment[:8], _REGION, _SERVICE, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signed = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}".encode()
    signature = hmac.digest(key, signed, "sha256").hex()
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.SendMessage",
        "x-amz-date": moment,
        "authorization": f"AWS4-HMAC-SHA256 Credential=a/{scope}, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}",
    }
    connection = _CONNECTIONS[number]
    connection.request("POST", "/", body=content, headers=headers)
    if connection.getresponse().read() == b"":
        raise SystemExit("the queue did not answer")


def prepare(headers: dict[str, str], body: str) -> Callable[[], tuple[int, str]]:
    """A call."""
    timestamp, signature = headers["x-signature-timestamp"], headers["x-signature-ed25519"]

    def call() -> tuple[int, str]:
        raw = body.encode()
        try:
            KEY.verify(timestamp.encode() + raw, bytes.fromhex(signature))
        except BadSignatureError:
            return 401, ""
        kind = json.loads(raw)["type"]
        if kind == 1:
            return 200, json.dumps({"type": 1})
        for number in range(_SENDS):
            _send(number, body)
        return 200, json.dumps({"type": 5})

    return call
