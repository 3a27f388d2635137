"""The front door's own AWS client: signed as botocore signs, patient with dead connections."""

import http.server
import json
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import boto3
import certifi
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeClock
from utilsbot import amazon_roots
from utilsbot.aws import _PASSING, AwsClient, AwsCredentials, AwsError, _trust, signed_headers
from utilsbot.clock import Deadline

_Issued = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]
_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+=", min_size=1)


@given(
    service=st.sampled_from(["dynamodb", "sqs"]),
    region=st.sampled_from(["us-east-1", "eu-central-1"]),
    access=_NAMES,
    secret=_NAMES,
    token=st.one_of(st.just(""), _NAMES),
    body=st.binary(max_size=300),
    at=st.integers(1_000_000_000, 4_000_000_000),
)
def test_signature_is_botocores(
    service: str, region: str, access: str, secret: str, token: str, body: bytes, at: int
) -> None:
    """For any credentials, body and moment we sign exactly as botocore does."""
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "A.B"}
    host = f"{service}.{region}.amazonaws.com"
    request = AWSRequest("POST", f"https://{host}/", headers=dict(headers), data=body)
    with patch("botocore.auth.get_current_datetime") as now:
        now.return_value = datetime.fromtimestamp(at, UTC)
        SigV4Auth(Credentials(access, secret, token or None), service, region).add_auth(request)

    ours = signed_headers(
        service=service,
        region=region,
        host=host,
        path="/",
        headers=headers,
        body=body,
        credentials=AwsCredentials(access, secret, token),
        at=at,
    )

    assert request.headers["Authorization"] == ours["authorization"]


def test_a_real_queue_takes_our_message(aws: dict[str, str], queue_url: str) -> None:
    """SendMessage arrives, non-ASCII included."""
    client = AwsClient("sqs", aws)

    client.call("AmazonSQS.SendMessage", {"QueueUrl": queue_url, "MessageBody": "grüße 🎲"})
    client.close()

    (message,) = boto3.client("sqs").receive_message(QueueUrl=queue_url)["Messages"]
    assert message["Body"] == "grüße 🎲"


def test_a_refusal_carries_awss_code(aws: dict[str, str]) -> None:
    """The error's code is the last part of __type."""
    with pytest.raises(AwsError) as caught:
        AwsClient("dynamodb", aws).call(
            "DynamoDB_20120810.UpdateItem",
            {"TableName": "missing", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}},
        )

    assert caught.value.code == "ResourceNotFoundException"


class _Busy(http.server.BaseHTTPRequestHandler):
    """Refuses with what is left in `codes`, one a request, and then answers."""

    protocol_version = "HTTP/1.1"
    codes: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b"{}"
        if self.codes:
            body = json.dumps({"__type": f"com.amazonaws.dynamodb#{self.codes.pop(0)}"}).encode()
        self.send_response(400 if len(body) > 2 else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def busy_url() -> Iterator[str]:
    """A server that has no time for some requests."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Busy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("code", sorted(_PASSING))
def test_what_passes_is_tried_once_more(busy_url: str, code: str) -> None:
    """A user is not refused because of one throttled call; two are the truth."""
    client = AwsClient("dynamodb", {"AWS_ENDPOINT_URL": busy_url})
    _Busy.codes = [code]
    assert client.call("A.B", {}) == {}

    _Busy.codes = [code, code, code]
    with pytest.raises(AwsError, match=code):
        client.call("A.B", {})
    client.close()
    assert _Busy.codes == [code]


def test_what_stays_is_not_tried_again(busy_url: str) -> None:
    """A condition that failed would fail again."""
    client = AwsClient("dynamodb", {"AWS_ENDPOINT_URL": busy_url})
    _Busy.codes = ["ConditionalCheckFailedException"] * 2
    with pytest.raises(AwsError):
        client.call("A.B", {})
    client.close()
    assert len(_Busy.codes) == 1


@pytest.fixture
def deadline(fake_clock: FakeClock) -> Deadline:
    """A deadline of time that stands still."""
    return Deadline(fake_clock.clock.monotonic)


@pytest.mark.parametrize("left_s", [0.2, 0, -1])
def test_nothing_is_sent_when_little_time_is_left(
    busy_url: str, deadline: Deadline, left_s: float
) -> None:
    """Neither over a new connection nor over one that is there already."""
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": busy_url}, deadline=deadline)
    _Busy.codes = ["AccessDenied"] * 3
    deadline.set(left_s)
    with pytest.raises(AwsError, match="Deadline"):
        client.call("A.B", {})
    deadline.set(1)
    with pytest.raises(AwsError, match="AccessDenied"):
        client.call("A.B", {})
    deadline.set(left_s)
    with pytest.raises(AwsError, match="Deadline"):
        client.call("A.B", {})
    client.close()

    assert len(_Busy.codes) == 2


def test_connecting_may_not_use_up_the_time_of_what_is_sent(
    busy_url: str, deadline: Deadline, fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a connection that took too long nothing is sent over it; the next call uses it."""
    connect = HTTPConnection.connect

    def slowly(connection: HTTPConnection) -> None:
        connect(connection)
        fake_clock.advance(0.8)

    monkeypatch.setattr(HTTPConnection, "connect", slowly)
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": busy_url}, deadline=deadline)
    _Busy.codes = ["AccessDenied"] * 2
    for left_s, code in ((1, "Deadline"), (0.3, "AccessDenied")):
        deadline.set(left_s)
        with pytest.raises(AwsError, match=code):
            client.call("A.B", {})
    client.close()

    assert len(_Busy.codes) == 1


def test_what_passes_is_not_tried_again_when_little_time_is_left(
    busy_url: str, deadline: Deadline, fake_clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One refusal is the truth for whoever cannot wait for a second."""
    answer = HTTPConnection.getresponse

    def slowly(connection: HTTPConnection) -> Any:
        fake_clock.advance(0.6)
        return answer(connection)

    monkeypatch.setattr(HTTPConnection, "getresponse", slowly)
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": busy_url}, deadline=deadline)
    _Busy.codes = ["ThrottlingException"]
    deadline.set(0.8)
    with pytest.raises(AwsError, match="Deadline"):
        client.call("A.B", {})
    client.close()

    assert _Busy.codes == []


def test_every_wait_ends_by_the_deadline(
    busy_url: str, deadline: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TCP and TLS share what is left, an answer gets all of it, none more than the time-out."""
    connect, connecting = socket.create_connection, []

    def noting(address: Any, timeout: float, *rest: Any) -> socket.socket:
        connecting.append(timeout)
        return connect(address, timeout, *rest)

    monkeypatch.setattr(socket, "create_connection", noting)
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": busy_url}, deadline=deadline)
    _Busy.codes = []
    answering = []
    for left_s in (0.5, 0.3, 2):
        deadline.set(left_s)
        client.call("A.B", {})
        answering.append(client._connection.sock.gettimeout())
    client.close()

    assert connecting == [pytest.approx(0.25)]
    assert answering == [pytest.approx(0.5), pytest.approx(0.3), 0.8]


def test_silence_on_the_second_connection_is_a_time_out(
    busy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the log line says is what happened last."""
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": busy_url})
    _Busy.codes = []
    client.call("A.B", {})
    errors = iter([ConnectionResetError(), TimeoutError()])

    def fails(*_args: object, **_named: object) -> None:
        raise next(errors)

    monkeypatch.setattr(HTTPConnection, "request", fails)
    with pytest.raises(AwsError, match="Timeout"):
        client.call("A.B", {})
    client.close()


class _Fickle(http.server.BaseHTTPRequestHandler):
    """Answers, keeps the connection alive, then drops it without a word."""

    protocol_version = "HTTP/1.1"
    seen = 0

    def do_POST(self) -> None:
        type(self).seen += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = True  # without a Connection: close header

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def fickle_url() -> Iterator[str]:
    """A server that closes kept-alive connections behind the client's back."""
    _Fickle.seen = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Fickle)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_dead_kept_alive_connection_is_replaced(fickle_url: str) -> None:
    """A connection that died between two calls costs one reconnect and no error."""
    client = AwsClient("sqs", {"AWS_ENDPOINT_URL": fickle_url})

    answers = [client.call("A.B", {}) for _ in range(3)]
    client.close()

    assert answers == [{}, {}, {}]
    assert _Fickle.seen == 3


def test_nobody_there_is_an_error_at_once() -> None:
    """A refused connection is reported and not retried for ever."""
    with pytest.raises(AwsError, match="Connection"):
        AwsClient("sqs", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).call("A.B", {})


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _issued(name: str, issuer: _Issued | None = None) -> _Issued:
    """A certificate with its key; without an issuer an authority's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    authority = issuer[1] if issuer else key
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is None:
        builder = builder.add_extension(_SIGNS_CERTIFICATES, critical=True)
    return builder.sign(authority, hashes.SHA256()), key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def strange_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """AWS's own host, with a certificate of an authority that is not Amazon's; gives its file."""
    authority = _issued("some authority")
    certificate, key = _issued("sqs.eu-central-1.amazonaws.com", authority)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "server.pem").write_bytes(private + _pem(certificate))
    (tmp_path / "authority.pem").write_bytes(_pem(authority[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Fickle)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = ("127.0.0.1", server.server_port)
    resolved = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: resolved)
    yield tmp_path / "authority.pem"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "AWS_CA_BUNDLE"])
def test_an_authority_that_the_system_or_the_operator_trusts_will_do(
    strange_aws: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Should AWS take another authority one day, the front door goes on, a little slower."""
    monkeypatch.setenv(variable, str(strange_aws))
    client = AwsClient("sqs", dict(os.environ) | {"AWS_REGION": "eu-central-1"})
    _trust.cache_clear()

    assert client.call("A.B", {}) == {}

    client.close()
    _trust.cache_clear()


def test_an_authority_that_nobody_trusts_is_refused(strange_aws: Path) -> None:
    """Somebody else's server in AWS's place hears nothing."""
    assert strange_aws.exists()
    with pytest.raises(AwsError, match="Connection"):
        AwsClient("sqs", {"AWS_REGION": "eu-central-1"}).call("A.B", {})


def test_amazons_authorities_are_those_of_the_public_list() -> None:
    """Every certificate that we ship is in certifi's, still valid for years, and Amazon's."""
    public = Path(certifi.where()).read_text(encoding="ascii")
    blocks = re.findall("-----BEGIN[^-]+-----[^-]+-----END", amazon_roots.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=amazon_roots.PEM)

    assert len(blocks) == 5
    assert all(block in public for block in blocks)
    for certificate in context.get_ca_certs():
        assert re.search("Amazon Root CA|Starfield Services", str(certificate["subject"]))
        assert int(str(certificate["notAfter"]).split()[3]) >= 2037
