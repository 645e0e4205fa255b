"""What no process starts with: secrets that are published, short or missing, and connections that others can read.

CARETALLY_TRYING_OUT=1 lets all that pass, for trying the system out where nobody else gets at it.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
from typing import Final
from urllib.parse import urlsplit

from libs.common.errors import ConfigError
from libs.common.process.given import password_of

TRYING_OUT: Final = "CARETALLY_TRYING_OUT"
PUBLISHED: Final = "for-trying-out"
"""What every value for trying out holds, be it as it is or in base64."""
SHORTEST_SECRET: Final = 16
FEWEST_CHARACTERS: Final = 6
"""So many different ones a secret has at least: `aaaaaaaaaaaaaaaa` is none."""
VERIFIED: Final = ("verify-ca", "verify-full")
_OTHERWISE: Final = f"set {TRYING_OUT}=1 to try the system out where nobody else gets at it"
HOW_TO_MAKE: Final = "make good ones with `caretally secrets make FOLDER`"


def is_trying_out() -> bool:
    return os.environ.get(TRYING_OUT) == "1"


def require_secret(name: str, value: str, shortest: int = SHORTEST_SECRET) -> None:
    """ConfigError for a secret that is published, short, or the same character again and again."""
    if is_trying_out():
        return
    if is_published(value):
        raise ConfigError(
            f"{name} holds a value that is published for trying out: {HOW_TO_MAKE}, or {_OTHERWISE}."
        )
    if len(value) < shortest or len(set(value)) < FEWEST_CHARACTERS:
        raise ConfigError(
            f"{name} is too short to be a secret: {HOW_TO_MAKE}, of {shortest} or more random characters."
        )


def is_published(value: str) -> bool:
    """Whether a value is one for trying out."""
    return PUBLISHED in value.casefold() or any(
        PUBLISHED.encode() in _decoded(part) for part in value.split(",")
    )


def require_database(name: str, url: str) -> None:
    """ConfigError for a database's address that has a bad password, or leads beyond this machine without TLS."""
    if is_trying_out():
        return
    _require_password(name, url, all(map(is_here, _database_hosts(url))))
    if not all(map(is_here, _database_hosts(url))) and _sslmode(url) not in VERIFIED:
        raise ConfigError(
            f"{name} leads to another machine without TLS: add `?sslmode=verify-full&sslrootcert=FILE` to it"
            f" (`system` for the machine's own authorities), or {_OTHERWISE}."
        )


def require_broker(name: str, url: str) -> None:
    """The same for the address of RabbitMQ."""
    _require_scheme(name, url, "amqps")


def require_https(name: str, url: str) -> None:
    """The same for an address that is asked by HTTP with a password."""
    _require_scheme(name, url, "https")


def _require_scheme(name: str, url: str, scheme: str) -> None:
    if is_trying_out():
        return
    parts = urlsplit(url)
    is_local = is_here(parts.hostname or "")
    _require_password(name, url, is_local)
    if parts.scheme != scheme and not is_local:
        raise ConfigError(
            f"{name} leads to another machine without TLS: write {scheme}://, and add `?ca_file=FILE` where no public"
            f" authority has signed its certificate, or {_OTHERWISE}."
        )


def is_here(host: str) -> bool:
    """Whether this is the machine itself: its loopback, or a socket file (a path, or nothing said)."""
    if not host or host == "localhost" or host.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _require_password(name: str, url: str, is_local: bool) -> None:
    """A published one nowhere; a short or missing one nowhere but on this machine (which may know who asks)."""
    password = password_of(url)
    if is_published(password) or not is_local:
        require_secret(f"The password of {name}", password)


def _database_hosts(url: str) -> list[str]:
    """All hosts that libpq would try, as libpq reads the address and its own variables."""
    from psycopg.conninfo import conninfo_to_dict

    found = conninfo_to_dict(_known_to_libpq(url))
    hosts = str(found.get("host") or os.environ.get("PGHOST", "")).split(",")
    service = found.get("service") or os.environ.get("PGSERVICE", "")
    if service:  # a file says where it is, in place of what stands here
        hosts.append(f"service {service}")
    addresses = str(found.get("hostaddr") or os.environ.get("PGHOSTADDR", "")).split(",")
    return [*hosts, *addresses]


def _sslmode(url: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    found = conninfo_to_dict(_known_to_libpq(url))
    return str(found.get("sslmode") or os.environ.get("PGSSLMODE", ""))


def _known_to_libpq(url: str) -> str:
    from libs.common.process.given import PASSWORD_FILE, without_parameters

    scheme, separator, rest = url.partition("://")
    return without_parameters(scheme.partition("+")[0] + separator + rest, PASSWORD_FILE)


def _decoded(text: str) -> bytes:
    """What a base64 text holds, a number and a colon before it left out; nothing when it is none."""
    try:
        return base64.b64decode(text.strip().rpartition(":")[2], validate=True)
    except (ValueError, binascii.Error):
        return b""
