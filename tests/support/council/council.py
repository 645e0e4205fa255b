"""A council in a test: all services' workers on a real database and broker, driven as the faces drive them."""

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.books import reconcile
from deploy.ops.roles import READER
from libs.common.files.objects import OBJECTS_VARIABLE, write_object
from libs.common.messaging.progress import Missing, missing_of, progress_of
from libs.common.messaging.worker import Worker
from libs.common.operations.letters import nothing_more
from libs.common.process import database
from libs.common.rpc import SYSTEM, Caller
from services.disputes.worker import HANDLERS as DISPUTES_HANDLERS
from services.ingest.carers import steps as carers_steps
from services.ingest.files import steps as files_steps
from services.ingest.files import views as files_views
from services.ingest.worker import HANDLERS as INGEST_HANDLERS
from services.matching.imports import checks as imports_checks
from services.matching.imports import steps as imports_steps
from services.matching.imports import views as imports_views
from services.matching.imports.failed_jobs import end_job
from services.matching.matches import store as matches_store
from services.matching.worker import HANDLERS as MATCHING_HANDLERS
from services.payments.finalising import steps as finalising_steps
from services.payments.periods import store as periods_store
from services.payments.worker import HANDLERS as PAYMENTS_HANDLERS
from tests.support.run.run_folder import run_folder
from tests.support.run.schemas import SERVICES, Schemas
from tests.support.run.waiting import wait_until

HANDLERS = {
    "ingest": INGEST_HANDLERS,
    "matching": MATCHING_HANDLERS,
    "payments": PAYMENTS_HANDLERS,
    "disputes": DISPUTES_HANDLERS,
}
ON_LETTER = {"ingest": files_steps.take_letter, "matching": end_job}
WHO = "a tester"
TESTER: Caller = {"who": WHO, "role": "system", "organisation": None}


class Settled(NamedTuple):
    """True when nothing is missing; else it says what is."""

    missing: list[Missing]

    def __bool__(self) -> bool:
        return not self.missing


class Council:
    """The services of a council on their database; ``working()`` runs the workers of all services in this process."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        # a folder of its own: a sweep takes away what this council does not know
        os.environ[OBJECTS_VARIABLE] = f"file://{run_folder()}/objects-{os.getpid()}"
        self.urls = {s: schemas.url_of(f"{s}_work") for s in HANDLERS}
        self.engines = {s: database.engine(url, s, pool_size=14) for s, url in self.urls.items()}
        self.sessions = {s: database.sessions(engine, s) for s, engine in self.engines.items()}

    def close(self) -> None:
        """Give all connections back."""
        for engine in self.engines.values():
            engine.dispose()

    @contextmanager
    def working(self, amqp_url: str) -> Iterator[None]:
        """Run the workers of all services until the block ends."""
        workers = [
            Worker(
                s,
                handlers,
                sessions=self.sessions[s],
                amqp_url=amqp_url,
                database_url=self.urls[s],
                on_letter=ON_LETTER.get(s, nothing_more),
            )
            for s, handlers in HANDLERS.items()
        ]
        for worker in workers:
            worker.start()
        try:
            wait_until(
                lambda: not any(check() for worker in workers for check in worker.checks().values()), 60
            )
            yield
        finally:
            for worker in workers:
                worker.stopping.set()
            for worker in workers:
                worker.stop()

    def import_care(self, content: str | bytes) -> dict[str, Any]:
        """Import a care file and wait until it is in; its document."""
        import_id, key = self.upload("care-files", content)
        with self.sessions["matching"].begin() as s:
            imports_steps.receive_care(s, TESTER, import_id=import_id, object_key=key, file_name="care.csv")
        wait_until(lambda: self.care_document(import_id)["state"] != "importing", seconds=60)
        return self.care_document(import_id)

    def check_care(self, content: str | bytes) -> dict[str, Any]:
        """Have a care file checked and wait until what it changes in money is known; its check."""
        import_id, key = self.upload("care-files", content)
        with self.sessions["matching"].begin() as s:
            imports_steps.receive_to_check(
                s, SYSTEM, import_id=import_id, object_key=key, file_name="care.csv"
            )
        wait_until(lambda: self._is_care_checked(import_id), seconds=60)
        return self.care_check(import_id)

    def _is_care_checked(self, import_id: uuid.UUID) -> bool:
        found = self.care_check(import_id)
        return found["state"] == "refused" or found["forecast"] is not None

    def care_check(self, import_id: uuid.UUID | str) -> dict[str, Any]:
        """A care file's check."""
        with self.sessions["matching"].begin() as s:
            return imports_views.show_check(s, SYSTEM, uuid.UUID(str(import_id)))

    def confirm_care(self, check: dict[str, Any]) -> dict[str, Any]:
        """Have a checked care file imported, and wait until it is."""
        import_id = uuid.UUID(check["id"])
        with self.sessions["matching"].begin() as s:
            imports_checks.confirm(s, SYSTEM, import_id, check_version=check["check_version"])
        wait_until(lambda: self.care_check(import_id)["state"] != "importing", seconds=60)
        return self.care_check(import_id)

    def care_document(self, import_id: uuid.UUID) -> dict[str, Any]:
        """The document of a care import."""
        with self.sessions["matching"].begin() as s:
            return imports_views.show_import(s, import_id)

    def import_carers(self, organisation: str, content: str | bytes) -> dict[str, Any]:
        """Import a provider's carers."""
        _, key = self.upload("carers-files", content)
        with self.sessions["ingest"].begin() as s:
            return carers_steps.import_carers(s, organisation=organisation, object_key=key)

    def check_visits(self, organisation: str, content: str | bytes) -> dict[str, Any]:
        """Upload a visits file and wait until it is checked or refused; its document."""
        file_id, key = self.upload("visits-files", content)
        with self.sessions["ingest"].begin() as s:
            files_steps.receive_file(
                s,
                TESTER,
                file_id=file_id,
                organisation=organisation,
                file_name="visits.csv",
                object_key=key,
            )
        wait_until(lambda: self.file(file_id)["state"] != "checking", seconds=60)
        return self.file(file_id)

    def confirm(self, file_id: str, **facts: Any) -> dict[str, Any]:
        """Confirm a checked file and wait until it is applied, or has to be looked at again."""
        facts = {"check_version": None, "accepts_changes": True} | facts
        with self.sessions["ingest"].begin() as s:
            files_steps.confirm_file(s, TESTER, file_id=uuid.UUID(file_id), **facts)
        wait_until(lambda: self.file(file_id)["state"] != "applying", seconds=60)
        return self.file(file_id)

    def import_visits(self, organisation: str, content: str | bytes) -> dict[str, Any]:
        """Upload, check and confirm a visits file; its document."""
        checked = self.check_visits(organisation, content)
        return checked if checked["state"] == "refused" else self.confirm(checked["id"])

    def file(self, file_id: str | uuid.UUID) -> dict[str, Any]:
        """The document of a visits file."""
        with self.sessions["ingest"].begin() as s:
            return files_views.show_file(s, file_id=uuid.UUID(str(file_id)))

    def errors(self, file_id: str, *, is_rejection: bool = True) -> list[dict[str, Any]]:
        """The errors (or warnings) of a visits file."""
        with self.sessions["ingest"].begin() as s:
            return files_views.list_findings(
                s, file_id=uuid.UUID(file_id), is_rejection=is_rejection, after=-1, limit=5000
            )

    def finalise(self, start: Any, contract: str | None = None) -> dict[str, Any]:
        """Finalise a period."""
        with self.sessions["payments"].begin() as s:
            return finalising_steps.finalise(s, start, contract, who=WHO)

    def payments(self) -> Any:
        """A transaction of payments."""
        return self.sessions["payments"].begin()

    @contextmanager
    def as_owner(self, service: str) -> Iterator[Session]:
        """A transaction of whoever owns the database: for what no role of a service may do, such as changing history."""
        engine = database.engine(self.schemas.admin_url, service, 1)
        try:
            with database.sessions(engine).begin() as session:
                yield session
        finally:
            engine.dispose()

    def books(self) -> dict[str, Any]:
        """The books, when all that was said is processed, in the form of the expected files."""
        wait_until(self.is_settled, seconds=60)
        return self.books_now()

    def books_now(self) -> dict[str, Any]:
        """The books as they stand."""
        with self.sessions["matching"].begin() as s:
            matched, unmatched = matches_store.match_counts(s)
        with self.sessions["payments"].begin() as s:
            totals = periods_store.sum_books(s)
            weeks = periods_store.list_weeks_in_money(s, cpli_id=-1, monday=FIRST_DAY, limit=1_000_000)
        return {
            "matched": matched,
            "unmatched": unmatched,
            **totals,
            "weeks": {f"{cpli_id}/{monday}": amounts for cpli_id, monday, *amounts in weeks},
        }

    def money(self) -> dict[str, Any]:
        """What a settled council pays, charges and deducts, by what identifies it to people."""
        with self.sessions["payments"].begin() as s:
            items = s.execute(
                text(
                    "SELECT series, organisation_id::text, client_reference, cpli_id, monday, sum(amount) FROM items"
                    " GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0"
                )
            ).all()
            charges = s.execute(
                text(
                    "SELECT client_reference, monday, sum(amount) FROM charges GROUP BY 1, 2 HAVING sum(amount) <> 0"
                )
            ).all()
        return {"items": sorted(map(tuple, items)), "charges": sorted(map(tuple, charges))}

    def empty(self) -> None:
        """Forget all but the council's default lists, so that the next example starts anew. Accounts stay."""
        self.schemas.empty(SERVICES)

    def is_settled(self) -> "Settled":
        """Whether nothing is under way."""
        return Settled(
            missing_of({name: self._progress(one)._asdict() for name, one in self.sessions.items()})
        )

    def _progress(self, sessions: database.Sessions) -> Any:
        with sessions.begin() as s:
            return progress_of(s)

    def differences(self) -> list[dict[str, Any]]:
        """What ``reconcile`` finds."""
        return reconcile(self.schemas.url_of(READER))["differences"]

    def upload(self, folder: str, content: str | bytes) -> tuple[uuid.UUID, str]:
        """Put a file into the object store: its id and key."""
        upload_id = uuid.uuid4()
        key = f"{folder}/{upload_id}.csv"
        write_object(key, content.encode() if isinstance(content, str) else content)
        return upload_id, key


def session_of(council: Council, service: str) -> Session:
    """A session of a service that the caller commits or rolls back."""
    return council.sessions[service]()


FIRST_DAY = dt.date.min
