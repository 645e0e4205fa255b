"""Each service says which stored objects it needs: what none names is swept (docs/retention.md)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.files.objects import write_object
from libs.common.rpc import Caller
from services.disputes.cases import held as of_disputes
from services.ingest.files import held as of_ingest
from services.ingest.files import steps as files_steps
from services.matching.imports import held as of_matching
from services.matching.imports import steps as imports_steps
from services.payments.invoices import held as of_payments
from tests.support.builders.visit_files import ORGANISATION, a_file, a_row
from tests.support.council.council import TESTER, Council

PROVIDER: Caller = {"who": "a provider", "role": "provider", "organisation": str(uuid.uuid4())}
FIND: dict[str, Callable[..., Any]] = {
    "ingest": of_ingest.find_held,
    "matching": of_matching.find_held,
    "payments": of_payments.find_held,
    "disputes": of_disputes.find_held,
}
LONG_AGO = "now() - interval '91 days'"


@pytest.mark.parametrize("service", FIND)
def test_a_key_that_nobody_knows_is_needed_by_none_and_a_provider_may_not_ask(
    idle_council: Council, service: str
) -> None:
    with idle_council.sessions[service]() as session:
        assert FIND[service](session, TESTER, keys=[f"attachments/{uuid.uuid4()}", "rejected/odd.csv"]) == {}
        with pytest.raises(Refused, match="council"):
            FIND[service](session, PROVIDER, keys=[])


@pytest.mark.parametrize(
    ("state", "since", "is_needed"),
    [
        ("checking", LONG_AGO, True),
        ("applied", LONG_AGO, True),
        ("applying", LONG_AGO, True),
        ("refused", "now()", True),
        ("refused", LONG_AGO, False),
        ("cancelled", LONG_AGO, False),
        ("failed", LONG_AGO, False),
        ("checked", "now()", True),
        ("checked", LONG_AGO, False),
    ],
)
def test_a_visits_file_is_needed_until_long_after_it_was_dropped(
    idle_council: Council, state: str, since: str, *, is_needed: bool
) -> None:
    file_id = uuid.uuid4()
    key, rejected = f"visits-files/{file_id}.csv", f"rejected/{file_id}-0.csv"
    write_object(key, a_file(a_row()).encode())
    with idle_council.sessions["ingest"]() as session:
        files_steps.receive_file(
            session, TESTER, file_id=file_id, organisation=ORGANISATION, file_name="a.csv", object_key=key
        )
        session.execute(text(f"UPDATE visits_files SET state = '{state}', uploaded_at = {since}"))
        of_ingest.cancel_unconfirmed(session, dt.datetime.now(dt.UTC))
        found = of_ingest.find_held(session, TESTER, keys=[key, rejected, f"rejected/{file_id}-1.csv"])
        session.rollback()
    owner = str(organisation_id_of(ORGANISATION))
    assert found == ({key: owner, rejected: owner} if is_needed else {})


@pytest.mark.parametrize(("since", "is_needed"), [("now()", True), (LONG_AGO, False)])
def test_a_care_file_that_nobody_confirms_is_cancelled_and_needed_no_more(
    idle_council: Council, since: str, *, is_needed: bool
) -> None:
    import_id = uuid.uuid4()
    key = f"care-files/{import_id}.csv"
    with idle_council.sessions["matching"]() as session:
        imports_steps.receive_to_check(
            session, TESTER, import_id=import_id, object_key=key, file_name="a.csv"
        )
        session.execute(text(f"UPDATE care_imports SET state = 'checked', imported_at = {since}"))
        assert of_matching.cancel_unconfirmed(session, dt.datetime.now(dt.UTC)) == (0 if is_needed else 1)
        assert of_matching.find_held(session, TESTER, keys=[key]) == ({key: None} if is_needed else {})
        session.rollback()
