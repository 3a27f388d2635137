"""A TLS server that answers AWS's calls at once, so that only the caller is measured.

    python -m bench.speed.aws_stub FOLDER

It makes a key and a certificate for localhost, signed by an authority of its own through one
between, as AWS's are, writes the authority to FOLDER/ca.pem, prints its port, and serves until it
is killed. Every request must carry a Signature Version 4, or it is refused.
"""

import datetime
import hashlib
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

Issued = tuple[x509.Certificate, rsa.RSAPrivateKey]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """One call."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        target = self.headers.get("x-amz-target", "")
        signed = self.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 ")
        if "/invocations" in self.path:
            self._answer(202 if signed else 403, b"")
        else:
            self._answer(200 if signed else 403, json.dumps(_answer(target, body)).encode())

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Writes nothing."""


def _answer(target: str, body: bytes) -> dict[str, Any]:
    if target.endswith("SendMessage"):
        text = json.loads(body)["MessageBody"].encode()
        return {"MessageId": "1", "MD5OfMessageBody": hashlib.md5(text).hexdigest()}  # noqa: S324
    return {"Responses": {}, "UnprocessedKeys": {}} if target.endswith("BatchGetItem") else {}


def _issue(name: str, issuer: Issued | None, *, authority: bool) -> Issued:
    """A certificate with its key; without an issuer, one that signs itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost")]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    public = key.public_key() if issuer is None else issuer[1].public_key()
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(public)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(identifier, critical=False).add_extension(own, critical=False)
    if authority:
        usage = x509.KeyUsage(
            **dict.fromkeys(
                (
                    "digital_signature",
                    "content_commitment",
                    "key_encipherment",
                    "data_encipherment",
                    "key_agreement",
                    "encipher_only",
                    "decipher_only",
                ),
                False,
            ),
            key_cert_sign=True,
            crl_sign=True,
        )
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _context(folder: Path) -> ssl.SSLContext:
    root = _issue("bench root", None, authority=True)
    between = _issue("bench between", root, authority=True)
    leaf, key = _issue("localhost", between, authority=False)
    (folder / "ca.pem").write_bytes(_pem(root[0]))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.pem").write_bytes(private + _pem(leaf) + _pem(between[0]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@contextmanager
def aws_stub(folder: Path) -> Iterator[str]:
    """Runs it; gives its address."""
    command = [sys.executable, "-m", "bench.speed.aws_stub", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        try:
            yield f"https://localhost:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def main(folder: Path) -> None:
    """Serves."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = _context(folder).wrap_socket(server.socket, server_side=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
