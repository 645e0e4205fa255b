"""E-mail to holders of accounts: written in the transaction that gave the reason, sent afterwards by SMTP.

Sending takes as long as a mail server likes: done at once, it would tell by the time of an answer which address has
an account; and a server that is away would lose the letter.
"""

from __future__ import annotations

import datetime as dt
import smtplib
import threading
import uuid
from collections.abc import Callable
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Transaction

from libs.common.process import logs
from libs.common.process.database import Sessions
from services.portal.accounts.vault import Sealed, Vault, VaultError
from services.portal.letters.mail_server import MailServer
from services.portal.schema.tables_letters import Letter

_log = logs.log(__name__)

GIVEN_UP_AFTER = dt.timedelta(hours=24)
FIRST_PAUSE = dt.timedelta(seconds=10)
LONGEST_PAUSE = dt.timedelta(minutes=30)


def write(
    transaction: Transaction,
    vault: Vault,
    recipient: str | None,
    subject_line: str,
    text: str,
    now: dt.datetime,
) -> None:
    """Have a letter sent when the transaction commits; to nobody when `recipient` is None, with the same work."""
    letter_id = uuid.uuid4()
    sealed = vault.seal(text, _belongs_to(letter_id))
    transaction.add(
        Letter(
            letter_id=letter_id,
            recipient=recipient,
            subject_line=subject_line,
            text=sealed.content,
            text_key=sealed.key_version,
            failures=0,
            written_at=now,
            due_at=now,
        )
    )


def send_due(
    sessions: Sessions, vault: Vault, server: MailServer | None, now: dt.datetime, most: int = 20
) -> int:
    """Send letters that are due; how many were sent. What fails is tried again for a day.

    The rows stay locked meanwhile, so that no other process sends them too.
    """
    with sessions.begin() as transaction:
        query = select(Letter).where(Letter.due_at <= now).order_by(Letter.due_at).limit(most)
        due = list(transaction.scalars(query.with_for_update(skip_locked=True)))
        written = [
            (letter, message) for letter in due if (message := _message(vault, letter, server)) is not None
        ]
        taken = _sent(server, [message for _, message in written])
        kept = {
            letter.letter_id for (letter, _), was_sent in zip(written, taken, strict=True) if not was_sent
        }
        for letter in due:
            if letter.letter_id not in kept or now - letter.written_at > GIVEN_UP_AFTER:
                transaction.delete(letter)
            else:
                letter.failures += 1
                letter.due_at = now + min(FIRST_PAUSE * 2 ** min(letter.failures - 1, 10), LONGEST_PAUSE)
        return sum(taken)


def _message(vault: Vault, letter: Letter, server: MailServer | None) -> EmailMessage | None:
    """The letter as it is sent; None when there is nobody to send it to, or nobody to send it."""
    if letter.recipient is None or server is None:
        return None
    message = EmailMessage()
    try:
        message.set_content(vault.open(Sealed(letter.text, letter.text_key), _belongs_to(letter.letter_id)))
    except VaultError:
        _log.error("letter_lost", letter_id=str(letter.letter_id))
        return None
    message["To"] = letter.recipient
    message["Subject"] = letter.subject_line
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.letter_id}@caretally>"
    return message


def _sent(server: MailServer | None, messages: list[EmailMessage]) -> list[bool]:
    if server is None or not messages:
        return [False] * len(messages)
    try:
        return server.send(messages)
    except (OSError, smtplib.SMTPException) as error:
        _log.warning("mail_server_unavailable", reason=type(error).__name__)
        return [False] * len(messages)


def _belongs_to(letter_id: uuid.UUID) -> str:
    return f"letter|{letter_id}"


class Postman(threading.Thread):
    """Sends what is due, as long as the process lives."""

    def __init__(
        self, sessions: Sessions, vault: Vault, server: MailServer | None, clock: Callable[[], dt.datetime]
    ) -> None:
        super().__init__(name="postman", daemon=True)
        self._sessions, self._vault, self._server, self._clock = sessions, vault, server, clock
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(1):
            try:
                while send_due(self._sessions, self._vault, self._server, self._clock()):
                    pass
            except SQLAlchemyError as error:  # the database comes back, and the letters are in it
                _log.warning("letters_wait", reason=type(error).__name__)

    def stop(self) -> None:
        self._stopped.set()
        self.join()
