"""The broker is spoken to by TLS, when it shows a certificate of its name by the authority that was named."""

from __future__ import annotations

import datetime as dt
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pika.exceptions import AMQPError

from libs.common.errors import ServiceUnavailable
from libs.common.messaging.amqp import a_channel
from libs.common.rpc.client import RpcClient

GREETING = b"AMQP\x00\x00\x09\x01"
NOW = dt.datetime.now(dt.UTC)


def certificate(folder: Path, host: str) -> Path:
    """A certificate that has signed itself, and is its own authority: a PEM file of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{host}.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


class Server:
    """Takes connections by TLS, and hangs up after the first bytes, which it keeps."""

    def __init__(self, file: Path) -> None:
        self.heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(file)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    with self._context.wrap_socket(connection, server_side=True) as secure:
                        self.heard.put(secure.recv(8))
                except OSError:
                    self.heard.put(b"")  # who came hung up, or spoke no TLS

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Server]]:
    made: list[Server] = []

    def start(file: Path) -> Server:
        made.append(Server(file))
        return made[-1]

    yield start
    for server in made:
        server.close()


def by_pika(url: str) -> None:
    with pytest.raises((AMQPError, OSError)), a_channel(url, "a test"):
        pass


def by_kombu(url: str) -> None:
    with pytest.raises(ServiceUnavailable):
        RpcClient(url, 5).call(
            "matching", "progress", {"who": "a test", "role": "system", "organisation": None}
        )


@pytest.mark.parametrize("ask", [by_pika, by_kombu])
@pytest.mark.parametrize(
    ("name", "authority", "is_spoken_to"),
    [
        ("localhost", "localhost", True),
        ("another.example", "another.example", False),
        ("localhost", "stranger", False),
    ],
)
def test_a_broker_must_show_who_it_is(
    name: str,
    authority: str,
    is_spoken_to: bool,
    ask: Callable[[str], None],
    serve: Callable[[Path], Server],
    tmp_path: Path,
) -> None:
    known = certificate(tmp_path, authority)
    server = serve(known if name == authority else certificate(tmp_path, name))
    ask(f"amqps://jo:a-password@localhost:{server.port}/v?ca_file={known}")
    assert (server.heard.get(timeout=10) == GREETING) is is_spoken_to


@pytest.mark.parametrize("ask", [by_pika, by_kombu])
def test_without_a_named_authority_that_of_the_machine_counts(
    ask: Callable[[str], None], serve: Callable[[Path], Server], tmp_path: Path
) -> None:
    server = serve(certificate(tmp_path, "localhost"))
    ask(f"amqps://jo:a-password@localhost:{server.port}/v")
    assert server.heard.get(timeout=10) == b""
