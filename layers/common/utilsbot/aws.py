"""A small signed client for AWS's JSON services, for the front door only.

boto3 costs a cold start five times as much CPU as everything else that the front door does together
(docs/decisions/0003); the workers use boto3. Signature Version 4 as in AWS's "Create a signed AWS
API request"; the tests compare it with botocore's own.
"""

import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import gmtime, strftime, time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from utilsbot import amazon_roots
from utilsbot.clock import Deadline

_AMAZON, _SYSTEM = "amazon", ""
"""Whom to trust where AWS_CA_BUNDLE names no file."""
_PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
    }
)
"""Refusals that the next moment may not bring: DynamoDB's and SQS's documented retryable errors."""
_LEAST_S = 0.25
"""With less time left nothing is sent: giving up on it would leave unknown whether AWS did it."""


class AwsCredentials(NamedTuple):
    """What Lambda puts into the environment for the function's role."""

    access_key: str
    secret_key: str
    session_token: str = ""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "AwsCredentials":
        """The credentials of the environment, under AWS's names."""
        return cls(
            environment.get("AWS_ACCESS_KEY_ID", ""),
            environment.get("AWS_SECRET_ACCESS_KEY", ""),
            environment.get("AWS_SESSION_TOKEN", ""),
        )


class AwsError(Exception):
    """AWS refused a call, or did not answer in time."""

    def __init__(self, code: str, body: Mapping[str, Any] | None = None) -> None:
        """Args: code: AWS's, or `Deadline`, `Timeout`, `Connection`. body: the error's JSON."""
        super().__init__(code)
        self.code = code
        self.body: Mapping[str, Any] = body or {}


def signed_headers(
    *,
    service: str,
    region: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    credentials: AwsCredentials,
    at: float,
) -> dict[str, str]:
    """The headers of a POST, with its Signature Version 4.

    Args:
        service: the signing name, as `dynamodb` or `sqs`.
        region: AWS region.
        host: the Host header, with its port if it is not the scheme's own.
        path: the absolute path, already encoded.
        headers: further headers to send and sign, names in lower case.
        body: the bytes to send.
        credentials: the role's.
        at: epoch seconds of the signature.
    """
    moment = strftime("%Y%m%dT%H%M%SZ", gmtime(at))
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    sent = dict(headers) | {"host": host, "x-amz-date": moment}
    if credentials.session_token:
        sent["x-amz-security-token"] = credentials.session_token
    names = sorted(sent)
    signed = ";".join(names)
    canonical = "\n".join(
        [
            "POST",
            path,
            "",
            *(f"{name}:{sent[name].strip()}" for name in names),
            "",
            signed,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (moment[:8], region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    sent["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={signed}, Signature={signature}"
    )
    return sent


class AwsClient:
    """Calls of one JSON service over one kept-alive connection."""

    def __init__(
        self,
        service: str,
        environment: Mapping[str, str],
        *,
        timeout_s: float = 0.8,
        deadline: Deadline | None = None,
        now: Callable[[], float] = time,
    ) -> None:
        """Makes a client, and no connection yet.

        Args:
            service: dynamodb or sqs.
            environment: the role's credentials, the region, and where AWS is, under AWS's names.
            timeout_s: the most that connecting and each read may take.
            deadline: of whatever the calls are for; waits end by then, and with less than 0.25 s
                left nothing is sent.
            now: epoch seconds.
        """
        self._service = service
        self._region = environment.get("AWS_REGION", "us-east-1")
        self._credentials = AwsCredentials.from_env(environment)
        endpoint = (
            environment.get(f"AWS_ENDPOINT_URL_{service.upper()}")
            or environment.get("AWS_ENDPOINT_URL")
            or f"https://{service}.{self._region}.amazonaws.com"
        )
        parts = urlsplit(endpoint)
        self._host, self._path = parts.netloc, parts.path or "/"
        self._secure, self._timeout_s = parts.scheme == "https", timeout_s
        self._authorities = environment.get("AWS_CA_BUNDLE") or (
            _AMAZON if self._host.endswith(".amazonaws.com") else _SYSTEM
        )
        self._connection = self._connect()
        self._deadline = deadline or Deadline()
        self._now = now

    def call(self, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One call; repeated once, at once, where that may help.

        That is where a kept-alive connection turns out to be dead, or AWS refuses for the moment,
        and the deadline leaves room. Only for calls that are safe to repeat: conditional writes,
        and messages whose receiver knows duplicates.

        Args:
            target: the X-Amz-Target, as `AmazonSQS.SendMessage`.
            body: the request's JSON.

        Raises:
            AwsError: refused, or no answer in time; then AWS may have done it all the same.
        """
        content = json.dumps(body, separators=(",", ":")).encode()
        reused = self._connection.sock is not None
        try:
            return self._exchange(target, content)
        except AwsError as error:
            if error.code not in _PASSING:
                raise
        except (HTTPException, OSError) as error:
            self.close()
            if not self._worth_another(error, reused=reused):
                raise _no_answer(error) from None
        try:
            return self._exchange(target, content)
        except (HTTPException, OSError) as error:
            self.close()
            raise _no_answer(error) from None

    def _worth_another(self, error: Exception, *, reused: bool) -> bool:
        """Whether the connection had died, or AWS took an authority that only the system knows."""
        if isinstance(error, ssl.SSLCertVerificationError) and self._authorities == _AMAZON:
            self._authorities = _SYSTEM
            self._connection = self._connect()
            return True
        return reused and not isinstance(error, TimeoutError)

    def _connect(self) -> HTTPConnection:
        if not self._secure:
            return HTTPConnection(self._host, timeout=self._timeout_s)
        context = _trust(self._authorities)
        return HTTPSConnection(self._host, timeout=self._timeout_s, context=context)

    def close(self) -> None:
        """Closes the connection; a later call opens another."""
        self._connection.close()

    def _wait_at_most(self, turns: int) -> None:
        """Shares what is left among the next waits, so many of them, each within the time-out.

        Raises:
            AwsError: `Deadline`, too little is left.
        """
        left_s = self._deadline.left_s()
        if left_s < _LEAST_S:
            raise AwsError("Deadline")
        connection, wait_s = self._connection, min(self._timeout_s, left_s / turns)
        if connection.timeout != wait_s:
            connection.timeout = wait_s
            if connection.sock is not None:  # it keeps the time-out that it was opened with
                connection.sock.settimeout(wait_s)

    def _exchange(self, target: str, content: bytes) -> dict[str, Any]:
        if self._connection.sock is None:
            self._wait_at_most(turns=2)  # TCP's and TLS's
            self._connection.connect()
        self._wait_at_most(turns=1)
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": target}
        self._connection.request(
            "POST",
            self._path,
            body=content,
            headers=signed_headers(
                service=self._service,
                region=self._region,
                host=self._host,
                path=self._path,
                headers=headers,
                body=content,
                credentials=self._credentials,
                at=self._now(),
            ),
        )
        response = self._connection.getresponse()
        answer = _json_object(response.read())
        if response.status == 200:
            return answer
        code = str(answer.get("__type", f"HTTP {response.status}")).rpartition("#")[2]
        raise AwsError(code, answer)


@cache
def _trust(authorities: str) -> ssl.SSLContext:
    """TLS that trusts a file's authorities, Amazon's, or the system's.

    Made once for all clients, because reading certificates is dear.
    """
    if authorities == _AMAZON:
        return ssl.create_default_context(cadata=amazon_roots.PEM)
    return ssl.create_default_context(cafile=authorities or None)


def _no_answer(error: Exception) -> AwsError:
    return AwsError("Timeout" if isinstance(error, TimeoutError) else "Connection")


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
