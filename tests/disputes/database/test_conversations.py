"""What begins a conversation, and what comes of one, on a real PostgreSQL with all workers (RULES 8, 12)."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.messaging.messages import Message
from libs.common.process import database
from libs.common.rpc import Caller
from services.disputes.cases import conversations
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import views as cases_views
from services.disputes.cases.schemas import Say
from services.disputes.reviews import steps as reviews_steps
from services.payments.periods import answers
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.run.waiting import wait_until

DIAMOND = "Diamond Home Care Ltd"
ORGANISATION = str(organisation_id_of(DIAMOND))
NOW = dt.datetime(2022, 10, 3, 9, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
KEEPER: Caller = {"who": "keeper", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": ORGANISATION}
CARE = a_care_file(
    a_care_row(1, SSRef="A1", UnitCost="23.226", AssessedContribution="5.00"),
    a_care_row(2, SSRef="A1", ServiceName="Diamond - LWAH", Contract="LWAH", AssessedContribution="7.50"),
)
VISIT = {"weekday": 0, "entry": 18 * 3600, "exit": 19 * 3600, "is_longer": False}

Do = Callable[..., Any]


@pytest.fixture
def do(council_of_all: Council) -> Iterator[Do]:
    """Call it with a service, a function, who asks, and what is asked: as the RPC process would."""
    engines = {
        service: database.engine(council_of_all.schemas.url_of(f"{service}_rpc"), service)
        for service in ("disputes", "payments")
    }
    sessions = {service: database.sessions(engine, service) for service, engine in engines.items()}

    def run_step(service: str, step: Callable[..., Any], caller: Caller, **asked: Any) -> Any:
        with database.transaction(sessions[service], caller) as session:
            return step(session, caller, **asked)

    yield run_step
    for engine in engines.values():
        engine.dispose()


def a_review(do: Do, **facts: Any) -> uuid.UUID:
    """Monday's extra hour for CPLI 1, for a week."""
    case_id = uuid.uuid4()
    asked: dict[str, Any] = {"first_on": NOW.date(), "last_on": NOW.date() + dt.timedelta(days=6)}
    asked |= {"case_id": case_id, "subject": "Extra care", "words": "Please", "cpli_id": 1, "visits": [VISIT]}
    do(
        "disputes", reviews_steps.open_review, MANAGER, organisation_id=None, now=NOW, client_reference="A1",
        **asked | facts,
    )  # fmt: skip
    return case_id


def decide(do: Do, step: Callable[..., Any], who: Caller, case_id: uuid.UUID, **facts: Any) -> Any:
    asked = {"message_id": uuid.uuid4(), "words": "", "now": NOW} | facts
    return do("disputes", step, who, case_id=case_id, **asked)


def test_a_rejected_payment_opens_one_enquiry(council: Council, do: Do) -> None:
    council.import_care(CARE)
    council.import_visits(
        DIAMOND, a_file(a_row(SSRef="A1", PlannedVisitDate="03/10/2022", **delivered_cells()))
    )
    payable = council.books()["total_payable"]
    start = dt.date(2022, 10, 3)
    asked = {"start": start, "answer": "rejected", "reason": "An hour is missing", "payable": payable}
    do("payments", answers.answer_period, MANAGER, **asked)
    wait_until(council.is_settled, 30)
    (answer,) = do("payments", answers.list_period_answers, OFFICER, start=start, organisation=None)
    answered_at = dt.datetime.fromisoformat(answer["answered_at"])
    found = do(
        "disputes",
        cases_views.find_case,
        MANAGER,
        kind="enquiry",
        case_id=uuid.UUID(answer["answer_id"]),
        now=answered_at,
    )
    assert (found["state"], found["facts"]["amount"], found["first_on"]) == (
        "With the Council",
        payable,
        "2022-10-03",
    )
    assert [(one["side"], one["words"]) for one in found["messages"]] == [("provider", "An hour is missing")]
    assert dt.datetime.fromisoformat(found["due_at"]) > answered_at + dt.timedelta(days=7)
    body = {
        "answer_id": answer["answer_id"],
        "organisation_id": ORGANISATION,
        "period_start": "2022-10-03",
        "payable": payable,
        "reason": "An hour is missing",
        "who": "manager",
        "rejected_at": answer["answered_at"],
    }
    with council.sessions["disputes"].begin() as session:
        conversations.take_rejection(session, Message("", "payment_rejected", "", body, "single"))
        assert session.scalar(text("SELECT count(*) FROM cases")) == 1
        assert session.scalar(text("SELECT count(*) FROM messages")) == 1


def delivered_cells() -> dict[str, str]:
    return {
        "DeliveredVisitDate": "03/10/2022",
        "DeliveredEntryTime": "09:00",
        "DeliveredExitTime": "10:00",
    }


def test_an_approved_review_is_a_second_cpli_whose_visits_match_and_are_paid(
    council: Council, do: Do
) -> None:
    council.import_care(CARE)
    case_id = a_review(do)
    with pytest.raises(Refused, match="approval_wanted"):
        decide(do, reviews_steps.approve, KEEPER, case_id, cpli_id=900)
    assert decide(do, reviews_steps.approve_internally, OFFICER, case_id)["state"] == "Approved Internally"
    with pytest.raises(Refused, match="same_person"):
        decide(do, reviews_steps.approve, OFFICER, case_id, cpli_id=900)
    message_id = uuid.uuid4()
    for _ in range(2):
        answer = decide(do, reviews_steps.approve, KEEPER, case_id, cpli_id=900, message_id=message_id)
        assert answer == {"state": "Approved", "is_moved": True}
    wait_until(council.is_settled, 30)
    evening = {"PlannedEntryTime": "18:00", "PlannedExitTime": "19:00", "PlannedVisitDate": "03/10/2022"}
    extra = delivered_cells() | {"DeliveredEntryTime": "18:00", "DeliveredExitTime": "19:00"}
    named = {"SSRef": "A1", "ServiceName": "Diamond Home Care - DAPL Oxford"}
    morning = a_row(VisitRef="M", PlannedVisitDate="03/10/2022", **named, **delivered_cells())
    council.import_visits(DIAMOND, a_file(morning, a_row(VisitRef="E", **named, **evening, **extra)))
    books = council.books()
    assert books["weeks"]["900/2022-10-03"] == books["weeks"]["1/2022-10-03"] == [3600, 0, "23.23", "0.00"]
    assert books["total_charges"] == "7.50"  # what the client contributes is as it was: CPLI 2 decides
    assert council.differences() == []
    with council.sessions["matching"].begin() as session:
        added = session.execute(
            text(
                "SELECT contract, payment_method, authorised, council_ref FROM cplis JOIN services USING"
                " (service_id) WHERE cpli_id = 900"
            )
        ).one()
    assert added[:3] == ("DAPL", "Visits", True)
    assert added.council_ref.startswith("Review ")


def test_each_review_has_a_cpli_of_its_own_and_the_councils_own_row_stays(council: Council, do: Do) -> None:
    council.import_care(CARE)
    short = [VISIT | {"exit": 18 * 3600 + 900}]
    first, second = a_review(do, visits=short), a_review(do, visits=short)
    with pytest.raises(Refused, match="not_needed"):
        decide(do, reviews_steps.approve_internally, OFFICER, first)
    decide(do, reviews_steps.approve, OFFICER, first, cpli_id=900)
    with pytest.raises(Refused, match="cpli_taken"):
        decide(do, reviews_steps.approve, OFFICER, second, cpli_id=900)
    wait_until(council.is_settled, 30)
    council.import_care(
        a_care_file(
            a_care_row(901, SSRef="A1", Quantity="3.00"), a_care_row(900, SSRef="A1", Quantity="0.50")
        )
    )
    decide(do, reviews_steps.approve, OFFICER, second, cpli_id=901)
    wait_until(council.is_settled, 30)
    with council.sessions["matching"].begin() as session:
        found = session.execute(
            text("SELECT cpli_id, quantity FROM cpli_terms WHERE cpli_id > 2 ORDER BY cpli_id")
        )
        assert [(cpli_id, float(quantity)) for cpli_id, quantity in found] == [(900, 0.5), (901, 3.0)]


def test_a_withdrawn_review_is_approved_no_more_and_what_was_said_is_kept(
    idle_council: Council, do: Do
) -> None:
    case_id = a_review(do, visits=[VISIT | {"exit": 18 * 3600 + 900}])
    said = {"kind": "review", "message_id": uuid.uuid4(), "move": "withdraw", "words": "", "now": NOW}
    assert do("disputes", cases_steps.say, MANAGER, case_id=case_id, **said)["state"] == "Withdrawn"
    answer = decide(do, reviews_steps.approve, OFFICER, case_id, cpli_id=900, words="Approved")
    assert answer == {"state": "Withdrawn", "is_moved": False}
    found = do("disputes", cases_views.find_case, MANAGER, kind="review", case_id=case_id, now=NOW)
    assert found["messages"][-1]["words"] == "Approved"
    with idle_council.sessions["disputes"].begin() as session:
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 0
    for move in ("approve", "approve_internally"):  # words alone make no such move
        with pytest.raises(ValidationError):
            Say().load({"kind": "review", "case_id": case_id, "message_id": uuid.uuid4(), "move": move})
    with pytest.raises(Refused, match="not_allowed"):
        do("disputes", cases_steps.say, OFFICER, case_id=case_id, **said | {"move": "pay"})
