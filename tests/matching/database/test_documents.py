"""Contract documents on a real PostgreSQL: published with care, answered once, agreed after seven days (RULES 11)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from libs.common.care.clock import LONDON
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database, housekeeping
from libs.common.process.database import Sessions
from libs.common.process.housekeeping import Housekeeping
from libs.common.rpc import Caller
from services.matching.documents import steps as documents_steps
from services.matching.documents import store as documents_store
from services.matching.documents import views as documents_views
from services.matching.documents.store import now as moment_of
from tests.matching.database.test_races_of_matching import do, import_step
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import WHO, Council
from tests.support.council.racing import Other, is_waiting, while_uncommitted
from tests.support.run.waiting import wait_until

DIAMOND = str(organisation_id_of("Diamond Home Care Ltd"))
PEARL = str(organisation_id_of("Pearl Carers Ltd"))
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
JO: Caller = {"who": "jo", "role": "provider", "organisation": DIAMOND}
KIM: Caller = {"who": "kim", "role": "provider", "organisation": DIAMOND}
OTHER: Caller = {"who": "other", "role": "provider", "organisation": PEARL}
EVERY: dict[str, Any] = dict.fromkeys(
    ("organisation", "service_name", "client", "status", "updated_since", "after")
)
BART = {
    "SSRef": "A283177",
    "Title": "Mr",
    "Forename": "Bart",
    "Surname": "Simpson",
    "DateOfBirth": "05/04/2005",
}


def barts_row(**cells: Any) -> dict[str, str]:
    """[003]'s document: five hours a week from 3 October 2022 at 23.77."""
    known = {"StartDate": "03/10/2022", "Quantity": "5", "UnitCost": "23.77", "ServiceLevel": "Home Support"}
    return a_care_row(1, **(BART | known | {"OrganisationAddress": "Blue Lane, Farringdon"} | cells))


def imports(council: Council, *rows: dict[str, str]) -> None:
    do(council, import_step(council, a_care_file(*rows)))


@contextmanager
def transaction_of(council: Council, caller: Caller) -> Iterator[Session]:
    """A transaction as the RPC process has it, with the caller's row-level security."""
    engine = database.engine(council.schemas.url_of("matching_rpc"), "matching", pool_size=1)
    try:
        with database.transaction(database.sessions(engine), caller) as session:
            yield session
    finally:
        engine.dispose()


def list_documents(
    council: Council, caller: Caller = OFFICER, at: dt.datetime | None = None, **which: Any
) -> list[dict[str, Any]]:
    with transaction_of(council, caller) as session:
        now = at or moment_of(session)
        return documents_views.list_documents(session, caller, **(EVERY | {"limit": 100} | which), now=now)


def kinds(council: Council) -> list[tuple[int, str]]:
    """(CpliId, kind) of all documents, the oldest first."""
    return [(found["cpli_id"], found["kind"]) for found in reversed(list_documents(council))]


def answer_document(council: Council, caller: Caller, document_id: str, move: str, reason: str = "") -> None:
    with transaction_of(council, caller) as session:
        facts = {"document_id": uuid.UUID(document_id), "move": move, "reason": reason}
        documents_steps.answer(session, caller, **facts, now=moment_of(session))


def find_only(council: Council) -> dict[str, Any]:
    (found,) = list_documents(council)
    return found


def moves(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(note["move"], note["who"], note["reason"]) for note in document["notes"]]


def test_a_document_says_what_care_was_when_it_was_set_up_and_stays_so(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row())
    found = find_only(council)
    assert (found["kind"], found["status"], found["client_name"]) == (
        "set_up",
        "published",
        "Mr Bart Simpson",
    )
    assert (found["address"], found["date_of_birth"]) == ("Blue Lane, Farringdon", "2005-04-05")
    assert found["amounts"] == [
        {"from_on": "2022-10-03", "to_on": None, "quantity": "5", "unit_cost": "23.77", "cost": "118.85"}
    ]
    assert moves(found) == [("publish", WHO, "")]
    imports(council, barts_row(Quantity="7", UnitCost="25", Surname="Flanders", EffectiveFrom="01/11/2022"))
    assert find_only(council) == found
    for statement in ("UPDATE contract_documents SET says = '{}'", "DELETE FROM contract_documents"):
        with (
            pytest.raises(ProgrammingError, match="never changed"),
            council.sessions["matching"].begin() as session,
        ):
            session.execute(text(statement))


def test_one_is_published_for_each_care_package_set_up_ended_or_re_opened_and_none_again(
    idle_council: Council,
) -> None:
    council = idle_council
    other = a_care_row(2, SSRef="A200")
    imports(council, barts_row(), other)
    imports(council, barts_row(), other)
    assert sorted(kinds(council)) == [(1, "set_up"), (2, "set_up")]
    imports(council, barts_row(EndDate="30/10/2022"), other)
    imports(council, barts_row(EndDate="30/10/2022"), other)
    imports(council, barts_row(EndDate="06/11/2022"))
    imports(council, barts_row(), barts_row())
    assert kinds(council)[2:] == [(1, "ended"), (1, "ended"), (1, "reopened")]
    newest = list_documents(council)[:3]
    assert [found["end_on"] for found in newest] == [None, "2022-11-06", "2022-10-30"]
    imports(council, barts_row(EndDate="30/10/2022"), barts_row())  # what a file says twice holds as it ends
    assert len(kinds(council)) == 5


def test_a_message_that_comes_twice_and_a_check_publish_nothing(idle_council: Council) -> None:
    council = idle_council
    step = import_step(council, a_care_file(barts_row()))
    do(council, step, step)
    assert kinds(council) == [(1, "set_up")]
    with council.sessions["matching"].begin() as session:
        session.execute(text("UPDATE care_imports SET state = 'importing'"))  # as if it had never been noted
    do(council, step)
    assert kinds(council) == [(1, "set_up")]


def test_care_that_moves_to_another_provider_is_set_up_for_that_one(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row())
    imports(council, barts_row(OrganisationName="Pearl Carers Ltd", ServiceName="Pearl - DAPL"))
    assert [found["organisation"] for found in list_documents(council, OTHER)] == ["Pearl Carers Ltd"]
    assert [found["organisation"] for found in list_documents(council, JO)] == ["Diamond Home Care Ltd"]


def test_what_was_rejected_is_published_again_once_care_says_otherwise(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row())
    first = find_only(council)["document_id"]
    with pytest.raises(Refused, match="reason_wanted"):
        answer_document(council, JO, first, "reject")
    answer_document(council, JO, first, "reject", "The start date is incorrect")
    imports(council, barts_row())
    assert kinds(council) == [(1, "set_up")]
    imports(council, barts_row(StartDate="10/10/2022"))
    assert kinds(council) == [(1, "set_up"), (1, "corrected")]
    corrected, rejected = list_documents(council)
    assert (corrected["start_on"], corrected["status"]) == ("2022-10-10", "published")
    assert moves(rejected) == [("publish", WHO, ""), ("reject", "jo", "The start date is incorrect")]
    answer_document(council, JO, corrected["document_id"], "reject", "Still not")
    imports(council, a_care_row(3, **BART | {"Surname": "Flanders"}))  # the client alone is corrected
    assert kinds(council)[2:] in ([(1, "corrected"), (3, "set_up")], [(3, "set_up"), (1, "corrected")])


def test_the_council_publishes_again_what_needs_no_correction(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row())
    first = find_only(council)["document_id"]

    def publish_again(document_id: str) -> None:
        with transaction_of(council, OFFICER) as session:
            facts = {"document_id": uuid.UUID(document_id), "now": moment_of(session)}
            documents_steps.publish_again(session, OFFICER, **facts)

    with pytest.raises(Refused, match="wrong_state"):
        publish_again(first)
    answer_document(council, JO, first, "reject", "We never had this client")
    with transaction_of(council, OFFICER) as session:
        assert documents_views.count_waiting(session, OFFICER) == {"documents_rejected": 1}
    publish_again(first)
    with pytest.raises(Refused, match="wrong_state"):
        publish_again(first)
    assert kinds(council) == [(1, "set_up"), (1, "again")]
    with transaction_of(council, OFFICER) as session:
        assert documents_views.count_waiting(session, OFFICER) == {"documents_rejected": 0}


def test_nobody_sees_or_answers_another_s_document(idle_council: Council) -> None:
    council = idle_council
    imports(
        council, barts_row(), a_care_row(2, OrganisationName="Pearl Carers Ltd", ServiceName="Pearl - DAPL")
    )
    own = {found["cpli_id"]: found["document_id"] for found in list_documents(council)}
    assert [found["cpli_id"] for found in list_documents(council, OTHER)] == [2]
    with transaction_of(council, OTHER) as session:
        facts = {"document_id": uuid.UUID(own[1]), "now": moment_of(session)}
        with pytest.raises(Refused, match="not_found"):
            documents_views.show_document(session, OTHER, **facts)
        with pytest.raises(Refused, match="not_found"):
            documents_steps.answer(session, OTHER, move="agree", reason="", **facts)
        assert session.scalar(text("SELECT count(*) FROM contract_document_notes")) == 1
        assert documents_views.count_waiting(session, OTHER) == {"documents_to_answer": 1}
    for who, move in ((OFFICER, "agree"), (OFFICER, "reject"), (JO, "agree_manually")):
        with pytest.raises(Refused, match="not_allowed"):
            answer_document(council, who, own[1], move, "a reason")
    with pytest.raises(Refused, match="not_found"):
        list_documents(council, OTHER, organisation="Diamond Home Care Ltd")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction_of(council, JO) as session:
        session.execute(text("DELETE FROM contract_document_notes"))


def test_the_list_is_narrowed_and_paged(idle_council: Council) -> None:
    council = idle_council
    rows = [a_care_row(n, SSRef=f"A{n}", Surname=name) for n, name in enumerate(("Adams", "Bell", "Cole"), 1)]
    imports(council, *rows, a_care_row(9, SSRef="A9", ServiceName="Diamond - APL", Contract="APL"))
    assert [found["cpli_id"] for found in list_documents(council)] == [9, 1, 2, 3]  # by surname
    first = list_documents(council, limit=2)
    assert [found["cpli_id"] for found in list_documents(council, after=first[-1]["number"])] == [2, 3]
    assert [found["cpli_id"] for found in list_documents(council, service_name="diamond –  apl")] == [9]
    assert [found["cpli_id"] for found in list_documents(council, client="A2")] == [2]
    answer_document(
        council, OFFICER, list_documents(council, client="A2")[0]["document_id"], "agree_manually"
    )
    assert [found["cpli_id"] for found in list_documents(council, status="agreed")] == [2]
    assert [found["cpli_id"] for found in list_documents(council, status="published")] == [9, 1, 3]
    today = last_day_of(list_documents(council)[0]) - dt.timedelta(days=7)
    assert len(list_documents(council, updated_since=today)) == 4
    assert list_documents(council, updated_since=today + dt.timedelta(days=1)) == []


def last_day_of(document: dict[str, Any]) -> dt.date:
    """Until when it may be answered."""
    return dt.date.fromisoformat(document["due_on"])


def end_of(day: dt.date) -> dt.datetime:
    """The midnight in London with which a day ends."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), LONDON)


def test_what_nobody_answered_is_agreed_when_the_seventh_day_has_ended_in_london(
    idle_council: Council,
) -> None:
    council = idle_council
    imports(council, barts_row(), a_care_row(2, SSRef="A200"))
    first, second = list_documents(council)
    answer_document(council, JO, second["document_id"], "reject", "No")
    over = end_of(last_day_of(first))
    sessions = council.sessions["matching"]
    with sessions.begin() as session:
        assert documents_steps.agree_overdue(session, over - dt.timedelta(microseconds=1)) == 0
    with sessions.begin() as session:
        assert documents_steps.agree_overdue(session, over) == 1
    with sessions.begin() as session:
        assert documents_steps.agree_overdue(session, over + dt.timedelta(days=1)) == 0
    agreed, rejected = list_documents(council)
    assert (agreed["status"], rejected["status"]) == ("agreed", "rejected")
    assert moves(agreed)[1:] == [("agree_automatically", "system", "")]
    assert dt.datetime.fromisoformat(agreed["notes"][1]["at"]) == over
    Housekeeping(sessions, (documents_steps.agree_overdue,)).tidy(documents_steps.agree_overdue)
    assert len(list_documents(council)[0]["notes"]) == 2


def test_a_look_goes_by_the_clock_and_what_is_written_later_changes_nothing_in_it(
    idle_council: Council,
) -> None:
    council = idle_council
    imports(council, barts_row(), a_care_row(2, SSRef="A200"), a_care_row(3, SSRef="A300"))
    first, second, third = sorted(list_documents(council), key=lambda one: one["cpli_id"])
    answer_document(council, JO, second["document_id"], "reject", "No")
    over, a_week_on = end_of(last_day_of(first)), end_of(last_day_of(first) + dt.timedelta(days=7))
    just_before = over - dt.timedelta(seconds=1)
    for at, published, agreed in ((just_before, [1, 3], []), (over, [], [1, 3]), (a_week_on, [], [1, 3])):
        for status, cplis in (("published", published), ("agreed", agreed), ("rejected", [2])):
            found = list_documents(council, JO, at, status=status)
            assert sorted(one["cpli_id"] for one in found) == cplis, (at, status)
    looked_at = list_documents(council, JO, a_week_on)
    assert [moves(one)[1:] for one in looked_at if one["status"] == "agreed"] == [
        [("agree_automatically", "system", "")]
    ] * 2
    newer = {"updated_since": last_day_of(first) + dt.timedelta(days=1)}
    changed = [one["updated_at"] for one in list_documents(council, JO, a_week_on, **newer)]
    assert list(map(dt.datetime.fromisoformat, changed)) == [over, over]
    with transaction_of(council, OFFICER) as session:
        one = documents_views.show_document(
            session, OFFICER, document_id=uuid.UUID(third["document_id"]), now=over
        )
        written = session.scalar(text("SELECT count(*) FROM contract_documents WHERE status = 'agreed'"))
    assert (one["status"], one["moves"], written) == ("agreed", [], 0)
    with council.sessions["matching"].begin() as session:
        row = documents_views.require_document(session, uuid.UUID(third["document_id"]), a_week_on)
        assert (
            documents_steps.agree_overdue(session, a_week_on) == 2
        )  # between a look at the row and at its notes
        notes = documents_store.notes(session, [third["document_id"]])[third["document_id"]]
    assert moves(documents_views.document_of(row, notes))[1:] == [("agree_automatically", "system", "")]
    assert list_documents(council, JO, a_week_on) == looked_at


def test_what_is_overdue_is_written_in_bounded_batches(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council, batches = idle_council, []
    imports(council, *(a_care_row(number, SSRef=f"A{number}") for number in range(1, 6)))
    over = end_of(last_day_of(list_documents(council)[0]))

    def agree_and_note(session: Session, _: dt.datetime) -> int:
        batches.append(documents_steps.agree_overdue(session, over))
        return batches[-1]

    monkeypatch.setattr(documents_steps, "AT_ONCE", 2)
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    Housekeeping(council.sessions["matching"], ()).tidy(agree_and_note)
    assert batches == [2, 2, 1]
    assert len(list_documents(council, status="agreed")) == 5


def test_an_answer_a_second_too_late_is_refused_though_housekeeping_has_not_come_yet(
    idle_council: Council,
) -> None:
    council = idle_council
    imports(council, barts_row())
    found = find_only(council)
    wanted = {"document_id": uuid.UUID(found["document_id"]), "move": "reject", "reason": "Too late"}
    over = end_of(last_day_of(found))
    with pytest.raises(Refused, match="agreed already"), transaction_of(council, JO) as session:
        documents_steps.answer(session, JO, **wanted, now=over)
    with transaction_of(council, JO) as session:
        documents_steps.answer(session, JO, **wanted, now=over - dt.timedelta(seconds=1))
    assert find_only(council)["status"] == "rejected"


def test_of_two_who_answer_at_once_the_second_is_told_and_the_first_stays(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row())
    found = find_only(council)
    facts = {"document_id": uuid.UUID(found["document_id"]), "now": dt.datetime.now(dt.UTC)}
    sessions: Sessions = council.sessions["matching"]
    told = []

    def answer_and_note(session: Session) -> None:
        try:
            documents_steps.answer(session, KIM, move="reject", reason="Wrong", **facts)
        except Refused as refused:
            told.append(refused.code)

    with while_uncommitted(
        sessions, lambda s: documents_steps.answer(s, JO, move="agree", reason="", **facts)
    ):
        other = Other(sessions, answer_and_note)
        wait_until(lambda: is_waiting(sessions) or not other.is_alive())
        with sessions.begin() as session:  # housekeeping passes by
            assert documents_steps.agree_overdue(session, end_of(last_day_of(found))) == 0
    other.ends()
    assert told == ["wrong_state"]
    assert moves(find_only(council))[1:] == [("agree", "jo", "")]


def test_many_are_agreed_to_at_once_and_what_is_answered_already_is_left(idle_council: Council) -> None:
    council = idle_council
    imports(council, barts_row(), a_care_row(2, SSRef="A200"), a_care_row(3, SSRef="A300"))
    ids = [uuid.UUID(found["document_id"]) for found in list_documents(council)]
    answer_document(council, KIM, str(ids[0]), "reject", "The start date is incorrect")
    for _ in range(2):  # asked twice it answers the same
        done: Any = do_answer(council, JO, [*ids, ids[1]], "agree")
        assert done["done"] == 2
        assert [one["document_id"] for one in done["left"]] == [str(ids[0])]
    (left,) = do_answer(council, OFFICER, ids[:1], "agree_manually")["left"]
    assert "rejected already" in left["message"]
    assert do_answer(council, OTHER, ids, "agree")["done"] == 0
    named = documents_of(council, ids[1:])
    assert {found["document_id"]: found["status"] for found in named} == {
        str(ids[1]): "agreed",
        str(ids[2]): "agreed",
    }


def do_answer(council: Council, caller: Caller, ids: list[uuid.UUID], move: str) -> Any:
    with transaction_of(council, caller) as session:
        at = moment_of(session)
        return documents_steps.agree_to_many(session, caller, document_ids=ids, move=move, now=at)


def documents_of(council: Council, ids: list[uuid.UUID]) -> Any:
    with council.sessions["matching"]() as session:
        page = {**EVERY, "limit": 10, "now": moment_of(session), "document_ids": ids}
        return documents_views.list_documents(session, OFFICER, **page)
