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

from libs.common.process.strictness import is_here, is_published, is_trying_out

SMTP_SECONDS = 10
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
    needs_tls: bool = True
    """Whether a server on another machine must speak TLS: it may be left out for trying the system out alone."""
    authority: str | None = None
    """the file of who has signed the server's certificate; None for the machine's own authorities"""

    def send(self, letters: Sequence[EmailMessage]) -> list[Failure | None]:
        """What became of each: None when it was taken. A letter that can't be sent is in no other's way."""
        return _Sending(self).send(letters)

    def connected(self) -> smtplib.SMTP:
        """A connection, by TLS unless the server is on this machine and has none. OSError or SMTPException when the
        server can't be used; its certificate must be of its name and by a known authority."""
        parts = urlsplit(self.url)
        host = parts.hostname or "127.0.0.1"
        if parts.scheme == "smtps":
            secure = ssl.create_default_context(cafile=self.authority)
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=SMTP_SECONDS, context=secure
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=SMTP_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context(cafile=self.authority))
            elif not is_here(host) and (self.needs_tls or parts.username):
                server.close()
                raise NoEncryption("the mail server offers no encryption")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


class NoEncryption(smtplib.SMTPException):
    """The server would take letters, or a password, in the clear."""


def fault_of_url(url: str) -> str | None:
    """What is wrong with SMTP_URL: one sentence, or None."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        return "SMTP_URL must be smtps://[user:password@]host[:port], or smtp://… for a server with STARTTLS."
    if parts.password and is_published(unquote(parts.password)) and not is_trying_out():
        return "SMTP_URL holds a password that is published for trying out: give the mail server's own."
    return None


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
        except NoEncryption:
            self._broken = MOST_BROKEN
            return Failure("The mail server offers no encryption (STARTTLS).", is_servers=True)
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
