"""The mail server that letters are handed to, by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

SMTP_SECONDS = 10
_ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
MOST_BROKEN: Final = 2
"""So many letters after one another that each ended the connection: it is the server, and not the letters."""


def is_sender(text: str) -> bool:
    """Whether every letter can come from there: one wrong setting must not make all of them wrong."""
    letter = EmailMessage()
    try:
        letter["From"] = text
        return text.isascii() and all(parseaddr(text)[1].partition("@")) and not letter["From"].defects
    except Exception:  # noqa: BLE001 (the library fails in many ways at what is no address)
        return False


@dataclass(frozen=True)
class Failure:
    """Why a letter was not taken."""

    reason: str
    is_final: bool = False
    """The next try would end in the same way."""
    is_servers: bool = False
    """It says nothing of the letter: the server can't be used."""


@dataclass(frozen=True)
class MailServer:
    """SMTP at smtp://[user:password@]host[:port] or smtps://…, and whom letters come from."""

    url: str
    sender: str

    def send(self, letters: Sequence[EmailMessage]) -> list[Failure | None]:
        """What became of each: None when it was taken. A letter that can't be sent is in no other's way."""
        return _Sending(self).send(letters)

    def connected(self) -> smtplib.SMTP:
        """A connection. OSError or SMTPException when the server can't be used."""
        parts = urlsplit(self.url)
        host = parts.hostname or "127.0.0.1"
        if parts.scheme == "smtps":
            secure = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=SMTP_SECONDS, context=secure
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=SMTP_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif parts.username and host not in _ON_THIS_MACHINE:
                raise smtplib.SMTPException("the mail server takes a password without encryption")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


class _Sending:
    """Hands letters over one by one, on a connection that is made again where a letter has ended it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._broken = 0

    def send(self, letters: Sequence[EmailMessage]) -> list[Failure | None]:
        try:
            return [self._send_one(letter) for letter in letters]
        finally:
            self._hang_up()

    def _send_one(self, letter: EmailMessage) -> Failure | None:
        if self._broken >= MOST_BROKEN:
            return Failure("The mail server ends connections.", is_servers=True)
        try:
            self._connection = self._connection or self._server.connected()
        except (OSError, smtplib.SMTPException) as error:
            self._broken = MOST_BROKEN  # whoever comes next need not wait for it too
            return Failure(f"The mail server can't be used ({type(error).__name__}).", is_servers=True)
        try:
            letter["From"] = self._server.sender
            self._connection.send_message(letter)
        except Exception as error:  # noqa: BLE001 (what is wrong with one letter is wrong with it alone)
            if not _ends_connection(error):
                self._start_again()
                return failure_of(error)
            self._broken += 1
            self._hang_up()
            return Failure(f"The connection to the mail server ended ({type(error).__name__}).")
        self._broken = 0
        return None

    def _start_again(self) -> None:
        """What a failed letter left half said is taken back."""
        if self._connection is not None:
            try:
                self._connection.rset()
            except (OSError, smtplib.SMTPException):
                self._hang_up()

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def _ends_connection(error: Exception) -> bool:
    """smtplib's own errors are OSErrors too."""
    is_answer = isinstance(error, smtplib.SMTPException)
    return isinstance(error, smtplib.SMTPServerDisconnected) or (isinstance(error, OSError) and not is_answer)


def failure_of(error: Exception) -> Failure:
    """What an error that came of one letter means. Its words are shown to the helpdesk."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failure("The mail server takes no address with letters beyond A to Z.", is_final=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
        return _answered(code, words)
    if isinstance(error, smtplib.SMTPSenderRefused):  # the sender is the same for all letters
        return Failure(f"The mail server refuses the sender: {error.smtp_code}.", is_servers=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPException):
        return Failure(f"The mail server did not take it ({type(error).__name__}).")
    return Failure(
        f"The letter can't be put into the form of an e-mail ({type(error).__name__}).", is_final=True
    )


def _answered(code: int, words: bytes | str) -> Failure:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    plain = "".join(letter if letter.isprintable() else " " for letter in said)[:200].strip()
    return Failure(f"The mail server answered {code}: {plain}".rstrip(": "), is_final=500 <= code < 600)
