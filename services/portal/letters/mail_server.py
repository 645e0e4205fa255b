"""The mail server that letters are handed to, by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

SMTP_SECONDS = 10
_ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class MailServer:
    """SMTP at smtp://[user:password@]host[:port] or smtps://…, and whom letters come from."""

    url: str
    sender: str

    def send(self, letters: list[EmailMessage]) -> list[bool]:
        """Whether each was taken. OSError or SMTPException when the server can't be used at all."""
        with self._connected() as server:
            return [self._send_one(server, letter) for letter in letters]

    def _send_one(self, server: smtplib.SMTP, letter: EmailMessage) -> bool:
        letter["From"] = self.sender
        try:
            server.send_message(letter)
        except smtplib.SMTPResponseException:
            return False
        except smtplib.SMTPRecipientsRefused:
            return False
        return True

    def _connected(self) -> smtplib.SMTP:
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
