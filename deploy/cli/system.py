"""The running system as the commands reach it: by the services' own environment, or by what ``up`` noted."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.cli.output import fail, note
from libs.common.errors import ConfigError, Refused, ServiceUnavailable, Why
from libs.common.files.objects import OBJECTS_VARIABLE, write_object
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.progress import Missing, missing_by_cause, missing_of
from libs.common.process.given import given_url
from libs.common.process.strictness import require_broker, require_database
from libs.common.rpc import Caller
from libs.common.rpc.client import RpcClient
from libs.common.rpc.long_work import LONG_SECONDS, LONG_WORK
from libs.common.rpc.signing import Signer, signer_in

if TYPE_CHECKING:
    from libs.common.operations.dead_letters import DeadLetter

CALLER: Caller = {"who": "command line", "role": "system", "organisation": None}
SERVICES_WITH_PROGRESS = ("ingest", "matching", "payments", "disputes")
CALL_SECONDS = 5.0
PATIENCE_VARIABLE = "CARETALLY_PATIENCE"
"""Seconds for which a command asks again while a part is away; scripts that run at night may have more."""
AWAY_SECONDS = 5.0
RESTART_SECONDS = 45.0
"""While the supervisor of a local stack lives: it starts again what died, and on a busy machine that takes a while."""
HELD_SECONDS = 6.0
"""For a lock that somebody holds. What is full or blocked is said at once: somebody has to act."""
MOST_UNANSWERED = 2
"""A question that was lost with its process gets no answer; whoever asks once more meets the next process."""
POLL_SECONDS = 0.05
REFERENCE_SECONDS = 5.0
CARE_EVENT = "care_changed"


class System:
    """Calls services, and waits for what they do in the background."""

    def __init__(self, amqp_url: str, caller: Caller = CALLER, *, keys_in: Path | None = None) -> None:
        """keys_in: the home of a local stack whose keys sign what is asked; this one's where it is not said."""
        self.amqp_url, self.signer = amqp_url, home_signer(caller, keys_in)
        self._client = RpcClient(amqp_url, CALL_SECONDS, self.signer)
        self._caller = caller
        self._has_noted = False
        self._discarded: set[tuple[str, str]] | None = None

    def close(self) -> None:
        """Give its connections back."""
        self._client.close()

    def ask(self, service: str, method: str, **payload: Any) -> Any:
        """The answer of a call that may be made twice; asked again as long as that may help."""
        began, unanswered = time.monotonic(), 0
        while True:
            try:
                return self._client.call(service, method, self._caller, **payload)
            except Refused as refused:
                fail(refused.message)
            except ServiceUnavailable as error:
                unanswered += error.why == "slow"
                is_at_work = method in LONG_WORK and unanswered > 0 and error.why in ("slow", "held")
                seconds = LONG_SECONDS if is_at_work else patience_for(error.why)
                is_lost = unanswered >= MOST_UNANSWERED and not is_at_work
                if is_lost or time.monotonic() - began > seconds:
                    fail(str(error), status=503)
                self._note_waiting(error, seconds)
                time.sleep(0.5)

    def _note_waiting(self, error: ServiceUnavailable, seconds: float) -> None:
        """Say once that a command waits longer than people like to."""
        if seconds > AWAY_SECONDS + 2 and not self._has_noted:
            self._has_noted = True
            note(
                f"{str(error).removesuffix(' Ask again in a moment.')} This command asks again for up to {seconds:g} s."
            )

    def ask_once(self, service: str, method: str, **payload: Any) -> Any | None:
        """The answer of a service that is there; None when it is not, for what can do without."""
        try:
            return self._client.call(service, method, self._caller, **payload)
        except (Refused, ServiceUnavailable):
            return None

    def wait_for(self, asked: Callable[[], Any], is_done: Callable[[Any], bool], seconds: float) -> Any:
        """Ask until the answer is as wanted, or the time is over: the last answer."""
        deadline = time.monotonic() + seconds
        pause = POLL_SECONDS
        while not is_done(found := asked()) and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        return found

    def missing(self) -> list[Missing]:
        """What was said and not heard yet; empty when all that was sent is processed, or lies dead.

        All services say first what they heard and then what they emitted: so nothing seems heard before it was said,
        and where a hearer has too much of an event all the same, its causes are looked at one by one.
        """
        heard, said = self.of_services("progress"), self.of_services("progress")
        found = missing_of({s: heard[s] | {"emitted": said[s]["emitted"]} for s in heard})
        surplus = {one.event for one in found if one.missing < 0}
        kept = [one for one in found if one.event not in surplus]
        return kept + [one for event in sorted(surplus) for one in self._missing_by_cause(event)]

    def _missing_by_cause(self, event: str) -> list[Missing]:
        heard, said = (self.of_services("progress_by_cause", event=event) for _ in range(2))
        found = (missing_by_cause(event, hearer, said, heard) for hearer in HEARERS[event])
        return [one for one in found if one.missing]

    def dead(self) -> dict[str, int]:
        """How many messages lie in the dead letters, by the queue in which they died.

        The services know of each; the broker is asked only when they know of any, and has the last word.
        """
        if not any(count["dead"] for count in self.of_services("progress").values()):
            return {}
        from libs.common.operations.dead_letters import (
            list_dead_letters,  # here: few commands need what it loads
        )

        return dict(Counter(letter.queue for letter in list_dead_letters(self.amqp_url, self.is_discarded)))

    def is_discarded(self, letter: DeadLetter) -> bool:
        """Whether it was decided, by whomever, that this dead letter need never be handled."""
        if self._discarded is None:
            self._discarded = {
                (service, one["id"])
                for service in SERVICES_WITH_PROGRESS
                for one in self.ask_once(service, "dead_letters") or ()
                if one["discarded_by"] is not None
            }
        return (hearer_of(letter), letter.id) in self._discarded

    def set_apart(self) -> list[dict[str, Any]]:
        """What is set apart in any service, the oldest first."""
        found = [
            {"service": service, **one} for service, of in self.of_services("set_apart").items() for one in of
        ]
        return sorted(found, key=lambda one: str(one["since"]))

    def of_services(self, method: str, **payload: Any) -> dict[str, Any]:
        """Each service's answer to the same question."""
        return {service: self.ask(service, method, **payload) for service in SERVICES_WITH_PROGRESS}

    def is_settled(self) -> bool:
        """Whether nothing is under way."""
        return not self.missing()

    def wait_for_lists(self) -> None:
        """A check waits until ingest has the council's newest lists (up to 5 s)."""
        wanted = self.ask("matching", "reference_version")
        self.wait_for(
            lambda: self.ask("ingest", "reference_version"), lambda v: v >= wanted, REFERENCE_SECONDS
        )

    def wait_for_care(self) -> None:
        """Wait until ingest has heard all that care said until now (up to 5 s): actuals are planned by it."""
        self.wait_for(self._has_heard_care, bool, REFERENCE_SECONDS)

    def wait_for_money(self) -> None:
        """Wait until all that was said is heard (up to 5 s): what is owed follows from care and actuals."""
        self.wait_for(self.is_settled, bool, REFERENCE_SECONDS)

    def _has_heard_care(self) -> bool:
        heard = self.ask("ingest", "progress")
        said = self.ask("matching", "progress")["emitted"].get(CARE_EVENT, 0)
        return bool(heard["received"].get(CARE_EVENT, 0) + heard["buried"].get(CARE_EVENT, 0) >= said)


def home_signer(caller: Caller, keys_in: Path | None = None) -> Signer | None:
    """Who signs for this caller: the command line; for others, which trying out takes, the portal. None: the environment
    says, or nobody does."""
    if os.environ.get("RPC_SIGNING_KEY") or os.environ.get("RPC_SIGNING_KEY_FILE"):
        return None
    from deploy.local.home import secrets_of  # here: few commands ask services
    from deploy.secrets.folder import COMMAND, PORTAL, SIGNING_KEY

    folder = COMMAND if caller["role"] == "system" else PORTAL
    file = secrets_of(keys_in or home()) / folder / SIGNING_KEY
    return signer_in(file) if file.exists() else None


def hearer_of(letter: DeadLetter) -> str:
    """The service whose message it was; one for all that come from nowhere."""
    service = letter.queue.partition(".")[0]
    return service if service in SERVICES_WITH_PROGRESS else SERVICES_WITH_PROGRESS[0]


def patience_for(why: Why) -> float:
    """How many seconds a command asks again for this reason."""
    if why == "held":
        return HELD_SECONDS
    if why in ("full", "blocked"):
        return 0.0
    given = os.environ.get(PATIENCE_VARIABLE, "")
    if given.isdigit():
        return float(given)
    return RESTART_SECONDS if _has_supervisor() else AWAY_SECONDS


def _has_supervisor() -> bool:
    """Whether somebody here starts again what died."""
    if os.environ.get("AMQP_URL"):
        return False
    from deploy.local.home import read_notes  # here: few commands ever ask

    notes = read_notes(home())
    return notes is not None and notes.supervisor.alive()


def home() -> Path:
    """CARETALLY_HOME: where a local stack keeps its data, logs and notes."""
    return Path(os.environ.get("CARETALLY_HOME") or Path(__file__).parents[2] / ".caretally").resolve()


def noted() -> dict[str, Any]:
    """What ``up`` noted of the stack in this home; empty when there is none."""
    try:
        found: dict[str, Any] = json.loads((home() / "stack.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def running_system() -> System:
    """The running system; fails with one sentence when there is none."""
    return System(amqp_url())


def is_running() -> bool:
    """Whether it is known where the broker is."""
    return bool(os.environ.get("AMQP_URL") or noted().get("amqp_url"))


def amqp_url() -> str:
    """Where the broker is."""
    url = _given("AMQP_URL", require_broker) or noted().get("amqp_url")
    if not url:
        fail("Caretally is not running here: start it with `caretally up --detach`, or set AMQP_URL.")
    return str(url)


def given_database(name: str) -> str:
    """The database's address that this variable gives, with its password's file; '' for none. Fails for a bad one."""
    return _given(name, require_database)


def _given(name: str, require: Callable[[str, str], None]) -> str:
    try:
        url = given_url(name)
        if url:
            require(name, url)
    except ConfigError as error:
        fail(str(error))
    return url


def reader_url() -> str:
    """The database as the read-only role, which reads all schemas."""
    url = given_database("DATABASE_READER_URL") or noted().get("reader_url") or given_database("DATABASE_URL")
    if not url:
        fail(
            "Caretally is not running here: start it with `caretally up --detach`, or set DATABASE_READER_URL."
        )
    return str(url)


def store_upload(folder: str, path: Path) -> tuple[str, str]:
    """Put a file into the object store: its new id and its key. Fails when it can't be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        fail(f"{path} can't be read: {error.strerror}.")
    return store_content(folder, content)


def store_content(folder: str, content: bytes) -> tuple[str, str]:
    """Put this into the object store: its new id and its key."""
    if not os.environ.get(OBJECTS_VARIABLE):
        os.environ[OBJECTS_VARIABLE] = noted().get("objects_url") or f"file://{home()}/objects"
    upload_id = str(uuid.uuid4())
    key = f"{folder}/{upload_id}.csv"
    try:
        write_object(key, content)
    except ServiceUnavailable as error:
        fail(str(error), status=503)
    return upload_id, key


__all__ = [
    "System",
    "amqp_url",
    "given_database",
    "home",
    "home_signer",
    "is_running",
    "noted",
    "reader_url",
    "running_system",
    "store_content",
    "store_upload",
]
