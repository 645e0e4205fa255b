"""Messages delivered by hand: out of the outboxes, in any order and any number of times, to the real steps."""

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from libs.common.messaging.messages import HEARERS, LANES, Message, decode
from libs.common.messaging.outbox import receive
from libs.common.messaging.topology import EVENTS
from services.ingest.files import steps as files_steps
from services.matching.imports import steps as imports_steps
from tests.support.council.council import HANDLERS, TESTER, Council

Letter = tuple[str, Message]  # who hears it, and what

# What a service says to itself to do a job; the faces wait for these.
JOBS = ("check_wanted", "apply_wanted", "care_import_wanted")


class Delivery:
    """Takes what the services say out of their outboxes and hands it to whom it is for."""

    def __init__(self, council: Council, choice: random.Random, *, copies: int = 1) -> None:
        self.council, self.choice, self.copies = council, choice, copies
        self.letters: list[Letter] = []

    def collect(self, *services: str) -> None:
        """Take all that these services said (all, when none is named); each message is there ``copies`` times, all but
        one under another id."""
        for letter in list(self._take_outboxes(services or self.council.sessions)):
            hearer, message = letter
            self.letters.append(letter)
            if message.event not in JOBS:
                again = [replace(message, message_id=str(uuid.uuid4())) for _ in range(self.copies - 1)]
                self.letters += [(hearer, copy) for copy in again]

    def _take_outboxes(self, services: Iterable[str]) -> Iterator[Letter]:
        for service in services:
            with self.council.sessions[service].begin() as session:
                rows = session.execute(
                    text(f"DELETE FROM {service}.outbox WHERE exchange = :events RETURNING *"),
                    {"events": EVENTS},
                ).all()
            for row in rows:
                body = decode(row.event, row.body.encode())
                message = Message(str(row.message_id), row.event, str(row.cause_id), body, LANES[row.lane])
                yield from ((hearer, message) for hearer in HEARERS[row.event])

    def deliver_jobs(self) -> None:
        """Do the jobs that a face waits for, and leave the rest lying."""
        self.collect()
        while jobs := [letter for letter in self.letters if letter[1].event in JOBS]:
            for letter in jobs:
                self.letters.remove(letter)
                self._hand_over(letter)

    def deliver_some(self, count: int) -> None:
        """Deliver some messages, any of those that lie there."""
        self.collect()
        for _ in range(min(count, len(self.letters))):
            self._hand_over(self.letters.pop(self.choice.randrange(len(self.letters))))

    def deliver_all(self) -> None:
        """Deliver until nothing is left, in any order."""
        self.collect()
        while self.letters:
            self.deliver_some(len(self.letters))

    def _hand_over(self, letter: Letter) -> None:
        """Deliver it, and take what its hearer said then."""
        hearer, message = letter
        with self.council.sessions[hearer].begin() as session:
            if receive(session, message):
                HANDLERS[hearer][message.event](session, message)
        self.collect(hearer)

    def import_care(self, content: str) -> None:
        """Import a care file; what follows from it lies undelivered."""
        import_id, key = self.council.upload("care-files", content)
        with self.council.sessions["matching"].begin() as session:
            imports_steps.receive_care(
                session, TESTER, import_id=import_id, object_key=key, file_name="care.csv"
            )
        self.deliver_jobs()
        found = self.council.care_document(import_id)
        assert (found["state"], found["errors"]) == ("imported", []), found

    def import_visits(self, organisation: str, content: str) -> dict[str, Any]:
        """Check and apply a visits file; what follows from it lies undelivered."""
        file_id, key = self.council.upload("visits-files", content)
        facts = {"organisation": organisation, "file_name": "visits.csv", "object_key": key}
        with self.council.sessions["ingest"].begin() as session:
            files_steps.receive_file(session, TESTER, file_id=file_id, **facts)
        self.deliver_jobs()
        with self.council.sessions["ingest"].begin() as session:
            files_steps.confirm_file(session, TESTER, file_id=file_id, accepts_changes=True)
        self.deliver_jobs()
        file = self.council.file(file_id)
        assert file["state"] == "applied", file
        return file
