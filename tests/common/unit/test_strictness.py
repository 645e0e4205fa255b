"""What no process starts with, and the sentence with which it says so."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from pathlib import Path

import certifi
import pytest

from libs.common.errors import ConfigError
from libs.common.messaging.amqp import parameters
from libs.common.process import strictness
from libs.common.process.given import PASSWORD_FILE, given, given_url, watched, with_parameters, with_password
from libs.common.process.strictness import (
    TRYING_OUT,
    is_here,
    require_broker,
    require_database,
    require_https,
)
from libs.common.rpc.address import address_of, tls_of

CA = Path(certifi.where())
GOOD = "3LtMw9yZ-dQx0pVn7RkE"
EXAMPLE_KEY = "1:" + base64.b64encode(b"for-trying-out-for-trying-out-32").decode()


@pytest.fixture(autouse=True)
def _in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        TRYING_OUT,
        "PGHOST",
        "PGHOSTADDR",
        "PGSSLMODE",
        "SOME_URL",
        "SOME_URL_FILE",
        "SOME_PASSWORD_FILE",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("for-trying-out", "published"),
        ("for-trying-out-for-trying-out", "published"),
        ("FOR-TRYING-OUT-and-more-behind-it", "published"),
        (EXAMPLE_KEY, "published"),
        (f"1:{base64.b64encode(bytes(range(100, 132))).decode()},2:{EXAMPLE_KEY[2:]}", "published"),
        ("", "too short"),
        ("guest", "too short"),
        ("short-one-of-15", "too short"),
        ("a" * 40, "too short"),
        ("ababababababababab", "too short"),
    ],
)
def test_a_secret_that_is_none_is_refused(value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=rf"^SOME_SECRET .*{says}.*secrets make FOLDER.*\.$"):
        strictness.require_secret("SOME_SECRET", value)
    monkeypatch.setenv(TRYING_OUT, "1")
    strictness.require_secret("SOME_SECRET", value)


@pytest.mark.parametrize("value", [GOOD, f"1:{base64.b64encode(bytes(range(32))).decode()}"])
def test_a_random_secret_is_taken(value: str) -> None:
    strictness.require_secret("SOME_SECRET", value)


HERE = [
    "postgresql://u@127.0.0.1/d",
    "postgresql://u:p@localhost:5433/d",
    "postgresql:///d",
    "postgresql://u@[::1]/d",
]
HERE += ["postgresql+psycopg://u@/d?host=/var/run/postgresql", "postgresql://u@127.0.0.9/d?sslmode=disable"]
SAFE = [f"postgresql://u:{GOOD}@db/d?sslmode=verify-full&sslrootcert=/ca.pem"]
SAFE += [
    f"postgresql://u:{GOOD}@10.0.0.1/d?sslmode=verify-ca",
    f"postgresql://u:{GOOD}@a,127.0.0.1/d?sslmode=verify-full",
]


@pytest.mark.parametrize("url", HERE + SAFE)
def test_a_database_here_or_by_tls_is_taken(url: str) -> None:
    require_database("DATABASE_URL", url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql://u:{GOOD}@db/d", "without TLS"),
        *(
            (f"postgresql://u:{GOOD}@db/d?sslmode={mode}", "without TLS")
            for mode in ("disable", "allow", "prefer", "require")
        ),
        (f"postgresql://u:{GOOD}@127.0.0.1,db/d", "without TLS"),
        (f"postgresql://u:{GOOD}@127.0.0.1:5432,db:5432/d", "without TLS"),
        (f"postgresql://u:{GOOD}@127.0.0.1/d?host=db", "without TLS"),
        (f"postgresql://u:{GOOD}@127.0.0.1/d?hostaddr=10.0.0.1", "without TLS"),
        (f"postgresql://u:{GOOD}@localhost.evil.example/d", "without TLS"),
        (f"postgresql://u:{GOOD}@127.0.0.1/d?service=db", "without TLS"),
        ("postgresql://u:for-trying-out@127.0.0.1/d", "published"),
        ("postgresql://u@db/d?sslmode=verify-full", "too short"),
        ("postgresql://u:secret@db/d?sslmode=verify-full", "too short"),
    ],
)
def test_a_database_beyond_this_machine_needs_tls_and_a_password(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=rf"DATABASE_URL .*{says}.*\.$"):
        require_database("DATABASE_URL", url)
    monkeypatch.setenv(TRYING_OUT, "1")
    require_database("DATABASE_URL", url)


def test_what_libpq_reads_beside_the_address_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db")
    with pytest.raises(ConfigError, match="too short"):
        require_database("DATABASE_URL", "postgresql:///d")
    with pytest.raises(ConfigError, match="without TLS"):
        require_database("DATABASE_URL", f"postgresql://u:{GOOD}@/d")


@pytest.mark.parametrize(
    ("require", "plain", "secure"),
    [(require_broker, "amqp", "amqps"), (require_https, "http", "https")],
)
def test_a_broker_beyond_this_machine_needs_tls_and_a_password(
    require: Callable[[str, str], None], plain: str, secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (f"{plain}://guest:guest@127.0.0.1:5672/v", f"{secure}://u:{GOOD}@broker/v?ca_file=/ca.pem"):
        require("SOME_URL", url)
    refused = {
        f"{plain}://u:{GOOD}@broker/v": "without TLS",
        f"{secure}://guest:guest@broker/v": "too short",
        f"{plain}://u:for-trying-out@localhost/v": "published",
    }
    for url, says in refused.items():
        with pytest.raises(ConfigError, match=rf"SOME_URL .*{says}.*\.$"):
            require("SOME_URL", url)
        with monkeypatch.context() as patch:
            patch.setenv(TRYING_OUT, "1")
            require("SOME_URL", url)


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("", True), ("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True),
        ("/run/postgresql", True), ("@abstract", True),
        ("db", False), ("10.0.0.1", False), ("0.0.0.0", False), ("localhost.example", False), ("127.0.0.1.nip.io", False),
        ("2130706433", False), ("::ffff:10.0.0.1", False),
    ],
)  # fmt: skip
def test_which_hosts_are_this_machine(host: str, is_so: bool) -> None:
    assert is_here(host) is is_so


def test_a_secret_stands_in_a_file_or_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{GOOD}\n")
    monkeypatch.setenv("SOME_URL_FILE", str(file))
    assert given("SOME_URL") == GOOD
    monkeypatch.setenv("SOME_URL", "x")
    with pytest.raises(ConfigError, match="SOME_URL and SOME_URL_FILE are both set"):
        given("SOME_URL")
    monkeypatch.delenv("SOME_URL_FILE")
    assert given("SOME_URL") == "x"
    monkeypatch.delenv("SOME_URL")
    assert given("SOME_URL", "otherwise") == "otherwise"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_secret_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SOME_URL_FILE", str(file))
    with pytest.raises(ConfigError, match=rf"^SOME_URL_FILE names {file}, which .*secrets make"):
        given("SOME_URL")


@pytest.mark.parametrize(
    "url",
    ["amqp://jo@127.0.0.1:5672/%2F", "amqp://jo@h/v?ca_file=/ca.pem", "postgresql://j%40o@[::1]:5432/d"],
)
def test_the_password_of_a_file_is_read_anew_each_time(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text("a/b@c:d")
    monkeypatch.setenv("SOME_URL", url)
    monkeypatch.setenv("SOME_PASSWORD_FILE", str(file))
    found = given_url("SOME_URL")
    assert found == with_parameters(url, {PASSWORD_FILE: str(file)})
    assert with_password(found) == url.replace("@", ":a%2Fb%40c%3Ad@", 1)
    file.write_text("another")
    assert with_password(found) == url.replace("@", ":another@", 1)
    assert with_password(url) == url


def test_an_address_has_one_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_URL", "amqp://jo:known@h/v")
    monkeypatch.setenv("SOME_PASSWORD_FILE", str(tmp_path / "password"))
    with pytest.raises(ConfigError, match="SOME_PASSWORD_FILE names another"):
        given_url("SOME_URL")


def test_an_address_without_a_host_stays_one() -> None:
    assert with_parameters("postgresql:///name", {"a": "/b"}) == "postgresql:///name?a=/b"


def test_a_watched_file_says_what_it_says_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched("SOME_URL") is None
    file = tmp_path / "secret"
    file.write_text("one")
    monkeypatch.setenv("SOME_URL_FILE", str(file))
    found = watched("SOME_URL")
    assert found is not None
    assert found.read() == "one"
    file.write_text("another")
    assert found.read() == "another"
    file.unlink()
    assert found.read() == "another"


def test_tls_to_the_broker_is_verified(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(CA.read_bytes())
    url = f"amqps://u:{GOOD}@broker.example/v?ca_file={file}"
    options = parameters(url, "a test").ssl_options
    assert options is not None
    assert (options.context.check_hostname, options.context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert (options.server_hostname, parameters(url, "a test").port) == ("broker.example", 5671)
    assert tls_of(url) == {
        "cert_reqs": ssl.CERT_REQUIRED,
        "ca_certs": str(file),
        "server_hostname": "broker.example",
    }
    assert address_of(url) == f"amqp://u:{GOOD}@broker.example:5671/v"
    assert tls_of("amqp://u:p@127.0.0.1/v") is None
    assert parameters("amqp://u:p@127.0.0.1/v", "a test").ssl_options is None
