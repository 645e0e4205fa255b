"""The pipeline: a week on real workers, from the first confirm to the last item committed and event confirmed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from deploy.dev.bench.council import MadeCouncil, VisitsFile
from deploy.dev.bench.measure import cpu_of, difference, wait_for
from deploy.dev.bench.servers import SERVICES, Stack
from libs.common.files.objects import write_object
from libs.common.messaging.progress import is_settled
from libs.common.process import database
from libs.common.rpc import Caller
from services.ingest.carers import steps as carers_steps
from services.ingest.files import steps as files_steps
from services.matching.imports import steps as imports_steps

WHO = "bench"
BENCH: Caller = {"who": WHO, "role": "system", "organisation": None}
LONG_SECONDS = 600
# One statement is one snapshot, so nothing can slip from one count to the other between two looks.
PROGRESS = " UNION ALL ".join(
    f"SELECT '{service}', event, sum(emitted)::bigint, sum(received)::bigint FROM {service}.progress GROUP BY event"
    for service in SERVICES
)
WAITING = f"SELECT {' + '.join(f'(SELECT count(*) FROM {service}.outbox)' for service in SERVICES)}"


@dataclass(frozen=True)
class Load:
    """What one week took."""

    check_seconds: float
    pay_seconds: float
    cpu_seconds: dict[str, float]
    items: int


class Pipeline:
    """A council on a working stack."""

    def __init__(self, stack: Stack, council: MadeCouncil) -> None:
        self._stack = stack
        self._council = council
        self._sessions = {
            service: database.sessions(database.engine(url, service), service)
            for service, url in stack.urls.items()
        }
        self._watch = psycopg.connect(stack.admin_url, autocommit=True)

    def close(self) -> None:
        """Give all connections back."""
        self._watch.close()
        for sessions in self._sessions.values():
            sessions.kw["bind"].dispose()

    def import_care(self) -> None:
        """Care and carers, settled."""
        self._receive_care(self._council.care.read_bytes())
        for organisation, file in self._council.carers:
            _, key = _uploaded("carers-files", file.read_bytes())
            with self._sessions["ingest"].begin() as s:
                carers_steps.import_carers(s, organisation=organisation, object_key=key)
        wait_for(self.is_settled, LONG_SECONDS)
        for table in ("matching.cplis", "matching.cpli_terms", "matching.clients", "payments.packages"):
            self._watch.execute(f"ANALYZE {table}")  # as autovacuum does within a minute

    def import_care_file(self, content: bytes) -> None:
        """More care, settled."""
        self._receive_care(content)
        wait_for(self.is_settled, LONG_SECONDS)

    def _receive_care(self, content: bytes) -> None:
        import_id, key = _uploaded("care-files", content)
        with self.transaction("matching") as s:
            imports_steps.receive_care(s, BENCH, import_id=import_id, object_key=key, file_name="care.csv")

    def transaction(self, service: str) -> AbstractContextManager[Session]:
        """A transaction of a service."""
        return self._sessions[service].begin()

    def check(self, files: Sequence[VisitsFile]) -> list[uuid.UUID]:
        """Upload the files and have them checked, forecasts too."""
        ids = []
        for file in files:
            file_id, key = _uploaded("visits-files", file.content)
            with self._sessions["ingest"].begin() as s:
                files_steps.receive_file(
                    s,
                    BENCH,
                    file_id=file_id,
                    organisation=file.organisation,
                    file_name="visits.csv",
                    object_key=key,
                )
            ids.append(file_id)
        wait_for(self.is_settled, LONG_SECONDS)
        states = self._watch.execute(
            "SELECT DISTINCT state FROM ingest.visits_files WHERE file_id = ANY(%s)", [ids]
        )
        found = {state for (state,) in states}
        if found != {"checked"}:
            raise RuntimeError(f"the files are {', '.join(sorted(found))}, not checked")
        return ids

    def confirm(self, file_id: uuid.UUID) -> None:
        """As the RPC does it."""
        with self._sessions["ingest"].begin() as s:
            files_steps.confirm_file(s, BENCH, file_id=file_id, accepts_changes=True)

    def load(self, files: Sequence[VisitsFile]) -> Load:
        """Check the files, then take the time from the first confirm until all is paid and said."""
        began = time.perf_counter()
        ids = self.check(files)
        checked = time.perf_counter()
        items = self._count_items()
        before = cpu_of(self._stack.pids)
        confirming = time.perf_counter()
        for file_id in ids:
            self.confirm(file_id)
        settled = wait_for(self.is_settled, LONG_SECONDS)
        spent = difference(cpu_of(self._stack.pids), before)
        return Load(checked - began, settled - confirming, spent, self._count_items() - items)

    def is_settled(self) -> bool:
        """Whether all that was said is processed, and every event confirmed by the broker."""
        emitted: dict[str, dict[str, int]] = {service: {} for service in SERVICES}
        received: dict[str, dict[str, int]] = {service: {} for service in SERVICES}
        for service, event, said, heard in self._watch.execute(PROGRESS):
            emitted[service][event], received[service][event] = said, heard
        return not is_settled(emitted, received) and not self._one(WAITING)

    def corrections_seconds(
        self, load: Sequence[VisitsFile], singles: Sequence[VisitsFile], pause_seconds: float
    ) -> list[float]:
        """Confirm a load, and while it runs single corrections: seconds until each one's week is paid."""
        loading, correcting = self.check(load), self.check(singles)
        for file_id in loading:
            self.confirm(file_id)
        seconds = []
        for file_id in correcting:
            time.sleep(pause_seconds)
            if self.is_settled():
                break  # the load is over: nothing more to see
            began = time.perf_counter()
            self.confirm(file_id)
            seconds.append(wait_for(lambda file_id=file_id: self._is_paid(file_id), 60) - began)  # type: ignore[misc]
        wait_for(self.is_settled, LONG_SECONDS)
        return seconds

    def _is_paid(self, cause_id: uuid.UUID) -> bool:
        return self._one("SELECT count(*) FROM payments.items WHERE cause_id = %s", cause_id) > 0

    def paid_visit(self, organisation: str, number: int) -> str:
        """The VisitRef of one matched, delivered visit of an organisation."""
        found: str = self._one(
            "SELECT v.visit_ref FROM matching.visits v JOIN matching.organisations o USING (organisation_id)"
            " WHERE o.name = %s AND cpli_id IS NOT NULL AND v.visit_type IN ('DHS', 'DHF')"
            " ORDER BY v.visit_ref OFFSET %s LIMIT 1",
            organisation,
            number,
        )
        return found

    def count_items_of(self, cpli_id: int) -> int:
        """How many items there are of a care package line item."""
        return int(self._one("SELECT count(*) FROM payments.items WHERE cpli_id = %s", cpli_id))

    def _count_items(self) -> int:
        return int(self._one("SELECT count(*) FROM payments.items"))

    def _one(self, statement: str, *values: Any) -> Any:
        row = self._watch.execute(statement.encode(), values).fetchone()
        assert row is not None
        return row[0]


def _uploaded(folder: str, content: bytes) -> tuple[uuid.UUID, str]:
    upload_id = uuid.uuid4()
    key = f"{folder}/{upload_id}.csv"
    write_object(key, content)
    return upload_id, key
