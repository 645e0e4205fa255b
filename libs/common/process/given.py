"""What a process is given: settings by variables, secrets by files.

A secret NAME may stand in the file that NAME_FILE names. An address (AMQP_URL, DATABASE_URL) is given without its
password then, which AMQP_PASSWORD_FILE or DATABASE_PASSWORD_FILE holds; it is read again at each new connection, so
that a password changes while the process runs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from libs.common.errors import ConfigError

PASSWORD_FILE: Final = "password_file"  # noqa: S105
"""The parameter of an address that says where its password is."""
CA_FILE: Final = "ca_file"
"""The parameter of a broker's address that says by whom its certificate is signed, where no public authority did it."""
PATIENCE_SECONDS: Final = 2.0
"""So long a refused password is tried again: while it changes, file and server differ for a moment."""
_PAUSE_SECONDS: Final = 0.2

Made = TypeVar("Made")


def given(name: str, default: str = "") -> str:
    """The variable, or what the file says that NAME_FILE names. ConfigError for both, or a file that can't be read."""
    value, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and file:
        raise ConfigError(f"{name} and {name}_FILE are both set: set one of them.")
    return read_file(file, f"{name}_FILE") if file else value or default


def given_url(name: str) -> str:
    """An address, such as AMQP_URL. Where a file holds its password, the address names the file."""
    url, variable = given(name), f"{name.removesuffix('_URL')}_PASSWORD_FILE"
    file = os.environ.get(variable, "")
    if not url or not file:
        return url
    if urlsplit(url).password:
        raise ConfigError(f"{name} holds a password, and {variable} names another: leave one of them out.")
    read_file(file, variable)
    return with_parameters(url, {PASSWORD_FILE: file})


def read_file(file: str, variable: str) -> str:
    """What a secret's file says, without spaces around it. ConfigError when it can't be read, or is empty."""
    try:
        with open(file, encoding="utf-8") as opened:
            found = opened.read().strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{variable} names {file}, which can't be read: make it with `caretally secrets make`."
        ) from None
    if not found:
        raise ConfigError(f"{variable} names {file}, which is empty: make it with `caretally secrets make`.")
    return found


def parameters_of(url: str) -> dict[str, str]:
    """What stands behind the question mark of an address."""
    return dict(parse_qsl(url.partition("?")[2], keep_blank_values=True))


def with_parameters(url: str, more: Mapping[str, str]) -> str:
    """The address with these parameters besides its own."""
    return _with_query(url, parameters_of(url) | dict(more))


def without_parameters(url: str, *names: str) -> str:
    """The address without these."""
    return _with_query(url, {name: one for name, one in parameters_of(url).items() if name not in names})


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    """By hand: urllib would write `postgresql:///name`, an address without a host, as another."""
    return url.partition("?")[0] + ("?" + urlencode(parameters, safe="/") if parameters else "")


def password_of(url: str) -> str:
    """The password of an address now: its own, or its file's; '' for none. ConfigError when the file can't be read."""
    file = parameters_of(url).get(PASSWORD_FILE)
    return read_file(file, "the address") if file else unquote(urlsplit(url).password or "")


def with_password(url: str) -> str:
    """The address with the password that its file holds now."""
    if PASSWORD_FILE not in parameters_of(url):
        return url
    parts = urlsplit(url)
    user, place = quote(unquote(parts.username or ""), safe=""), parts.netloc.rpartition("@")[2]
    secret = quote(password_of(url), safe="")
    return without_parameters(parts._replace(netloc=f"{user}:{secret}@{place}").geturl(), PASSWORD_FILE)


def as_user(url: str, user: str, password: str) -> str:
    """The address for this user with this password."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    named = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    return without_parameters(parts._replace(netloc=f"{named}@{place}").geturl(), PASSWORD_FILE)


def patiently(connect: Callable[[], Made], is_refusal: Callable[[Exception], bool]) -> Made:
    """Connect, and again for a while when the password is refused: `connect` reads it anew each time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return connect()
        except Exception as error:
            if time.monotonic() > until or not is_refusal(error):
                raise
        time.sleep(_PAUSE_SECONDS)


class WatchedFile:
    """A secret's file that may be written anew while the process runs."""

    def __init__(self, file: str, variable: str) -> None:
        """ConfigError when it can't be read now."""
        self._file, self._variable = file, variable
        self._seen: tuple[int, int, int] | None = None
        self._text = read_file(file, variable)

    def read(self) -> str:
        """What it says now; what it said last, when it can't be read."""
        try:
            found = os.stat(self._file)
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                self._text, self._seen = read_file(self._file, self._variable), seen
        except (OSError, ConfigError):
            pass
        return self._text


def watched(name: str) -> WatchedFile | None:
    """The file that NAME_FILE names, to look at again and again; None when NAME stands in the environment itself."""
    file = os.environ.get(f"{name}_FILE")
    return WatchedFile(file, f"{name}_FILE") if file else None
