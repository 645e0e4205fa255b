"""Two clients that are one: what follows the one that stays, and what it moves in money (RULES 2)."""

import datetime as dt
import itertools
import random
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.rpc import SYSTEM, Caller
from services.matching.circumstances import steps as circumstances_steps
from services.matching.clients import views as clients_views
from services.matching.merging import steps as merging
from services.payments.care import steps as care_steps
from services.payments.charges import views as charges_views
from services.payments.merging.money import work_out_money_of_merge
from services.payments.posting import steps as posting_steps
from tests.matching.database.test_races_of_matching import (
    a_said_visit,
    do,
    import_step,
    matches,
    settle,
    visits,
)
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import (
    ADA,
    BEA,
    MONDAY,
    a_message,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import WHO, Council
from tests.support.council.delivery import Delivery

OXFORD, VALE = "Diamond Home Care - DAPL Oxford", "Diamond - Vale"
CAT = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
COUNCIL: Caller = {"who": WHO, "role": "council", "organisation": None}


def two_clients(council: Council, **more: Any) -> None:
    """A100 and A200, each with a package of its own service and a visit of an hour at £20.00 in the same week.

    Both are assessed at £15.00 a week.
    """
    file = a_care_file(
        a_care_row(1, AssessedContribution="15.00", Surname="Lind", **more),
        a_care_row(
            2,
            SSRef="A200",
            AssessedContribution="15.00",
            Surname="Hart",
            StartDate="02/08/2022",
            ServiceName=VALE,
        ),
    )
    of_both = visits(a_said_visit("V1", service_name=OXFORD), a_visit_of_second())
    do(council, import_step(council, file), of_both)
    settle(council)


def a_visit_of_second(ref: str = "V2", **facts: Any) -> dict[str, Any]:
    return a_said_visit(ref, **{"ssref": "A200", "service_name": VALE} | facts)


def merge(council: Council, client: str = "A200", into: str = "A100") -> dict[str, Any]:
    with council.sessions["matching"].begin() as session:
        return merging.merge(session, COUNCIL, client=client, into=into, reason="One person")


def refusal(council: Council, client: str, into: str, caller: Caller = COUNCIL) -> Refused:
    with pytest.raises(Refused) as refused, council.sessions["matching"].begin() as session:
        merging.merge(session, caller, client=client, into=into, reason="")
    return refused.value


def find_client(council: Council, identifier: str) -> dict[str, Any]:
    with council.sessions["matching"].begin() as session:
        return clients_views.show_client(session, COUNCIL, identifier)


def list_charges(council: Council) -> list[tuple[str, int, str]]:
    """Client reference, ordinal and pounds of all charges, as they were posted."""
    with council.payments() as session:
        query = (
            "SELECT client_reference, ordinal, amount::text FROM charges ORDER BY posted_at, client_reference"
        )
        return [tuple(row) for row in session.execute(text(query))]


def said_charges(council: Council) -> int:
    """The number of the last public charge event."""
    with council.payments() as session:
        query = text("SELECT last_number FROM public_sequences WHERE stream = 'council'")
        return session.scalar(query) or 0


def test_the_weeks_of_both_are_charged_anew_as_ones(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    assert list_charges(council) == [("A100", 0, "15.00"), ("A200", 0, "15.00")]
    merge(council)
    settle(council)
    # £15.00 is the most for the person: one of the two charges goes back, and nothing else is posted.
    assert list_charges(council)[2:] == [("A100", 1, "-15.00")]
    assert said_charges(council) == 3
    assert matches(council) == {"V1": "1", "V2": "2"}


def test_a_charge_that_only_the_merged_client_had_is_carried_on_without_a_gap(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    do(council, visits(a_said_visit("V1", version=2, deleted=True)))
    settle(council)
    merge(council)
    settle(council)
    assert [amount for *_, amount in list_charges(council)] == ["15.00", "15.00", "-15.00"]
    do(
        council,
        visits(a_visit_of_second(version=2, delivered_seconds=1_800)),
    )
    settle(council)
    assert list_charges(council)[3:] == [("A100", 2, "-5.00")]


def test_preview_says_what_merging_moves_and_changes_nothing(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    before = council.books_now(), find_client(council, "A100"), find_client(council, "A200")
    with council.sessions["matching"].begin() as session:
        shown = merging.preview(session, COUNCIL, client="A200", into="A100")
    with council.payments() as session:
        money = work_out_money_of_merge(
            session,
            COUNCIL,
            client_id=uuid.UUID(shown["client"]["client_id"]),
            into_client_id=uuid.UUID(shown["into"]["client_id"]),
            weeks=[week | {"monday": dt.date.fromisoformat(week["monday"])} for week in shown["weeks"]],
        )
    assert shown["state"] == "preview"
    assert (shown["client"]["name"], shown["into"]["name"]) == ("Hart", "Lind")
    assert money["charges"] == {"now": "30.00", "then": "15.00", "difference": "-15.00"}
    assert money["organisations"] == []
    (week,) = money["weeks"]
    assert (week["monday"], week["difference"]) == (MONDAY.isoformat(), "-15.00")
    settle(council)
    assert (council.books_now(), find_client(council, "A100"), find_client(council, "A200")) == before
    merge(council)
    settle(council)
    assert council.books_now()["total_charges"] == "15.00"


def test_preview_pays_visits_that_match_only_when_both_are_one(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    do(council, visits(a_visit_of_second("V3", service_name=OXFORD)))
    settle(council)
    assert matches(council)["V3"] == "wrong_service"
    with council.sessions["matching"].begin() as session:
        shown = merging.preview(session, COUNCIL, client="A200", into="A100")
    assert [(week["cpli_id"], week["monday"]) for week in shown["weeks"]] == [(1, "2022-10-03")]
    facts = {
        f"{name}_id": uuid.UUID(shown[of]["client_id"])
        for name, of in (("client", "client"), ("into_client", "into"))
    }
    weeks = [week | {"monday": dt.date.fromisoformat(week["monday"])} for week in shown["weeks"]]
    with council.payments() as session:
        money = work_out_money_of_merge(session, COUNCIL, **facts, weeks=weeks)
    (organisation,) = money["organisations"]
    assert organisation["cost"]["difference"] == "20.00"
    assert money["charges"]["difference"] == "-15.00"
    before = Decimal(council.books_now()["total_payable"])
    merge(council)
    settle(council)
    assert Decimal(council.books_now()["total_payable"]) == before + 20


def test_all_that_was_the_merged_clients_follows_the_one_that_stays(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    merged, stays = find_client(council, "A200"), find_client(council, "A100")
    with council.sessions["matching"].begin() as session:
        facts = {"kind": "hospital", "from_on": MONDAY, "to_on": None, "note": "Fell"}
        circumstances_steps.enter(session, COUNCIL, client_id=uuid.UUID(merged["client_id"]), **facts)
    merge(council)
    settle(council)
    for identifier in ("A100", "A200", merged["client_id"], stays["client_id"]):
        found = find_client(council, identifier)
        assert found["client_id"] == stays["client_id"]
        assert [item["cpli_id"] for item in found["line_items"]] == [1, 2]
        assert [(each["kind"], each["note"]) for each in found["circumstances"]] == [("hospital", "Fell")]
        assert found["ssref"] == "A100"
    with council.sessions["matching"].begin() as session:
        assert clients_views.names_of(session, ["A200"]) == {"A200": "Lind"}
    with council.payments() as session:
        shown = charges_views.describe_charged_client(session, COUNCIL, uuid.UUID(merged["client_id"]))
        assert shown["client_id"] == stays["client_id"]
        (row,) = charges_views.list_statement_weeks(
            session, COUNCIL, client_id=uuid.UUID(merged["client_id"]), first=MONDAY, last=MONDAY
        )
        assert row["total"] == "15.00"
        start = dt.date(2022, 10, 3)
        for reference in ("A100", "A200", None):
            (each,) = charges_views.list_charged_clients(
                session, COUNCIL, start=start, client=reference, after=None, limit=10
            )
            assert (each["client"], each["total"]) == ("A100", "15.00")


def test_a_later_care_file_of_either_is_the_one_clients(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    merge(council)
    both = (
        a_care_row(1, AssessedContribution="15.00"),
        a_care_row(3, SSRef="A200", AssessedContribution="15.00"),
    )
    do(council, import_step(council, a_care_file(*both)), import_step(council, a_care_file(both[1])))
    settle(council)
    found = find_client(council, "A100")
    assert [item["cpli_id"] for item in found["line_items"]] == [1, 2, 3]
    assert found["ssref"] == "A100"


def test_merging_twice_merges_once(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    first = merge(council)
    settle(council)
    posted = list_charges(council)
    assert merge(council) == first
    assert merge(council, first["client"]["client_id"], first["into"]["client_id"]) == first
    settle(council)
    assert list_charges(council) == posted


def test_whoever_is_given_a_merged_clients_number_later_is_merged_by_it_too(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    merge(council)
    ref = "22222222-2222-4333-8444-555555555555"
    with_ref = a_care_row(1, SSRef="A100", ClientRef="11111111-2222-4333-8444-555555555555")
    do(council, import_step(council, a_care_file(with_ref)))
    do(council, import_step(council, a_care_file(a_care_row(3, SSRef="A200", ClientRef=ref))))
    assert find_client(council, "A200")["client_ref"] == ref
    assert merge(council)["client"]["client_ref"] == ref
    assert [item["cpli_id"] for item in find_client(council, "A100")["line_items"]] == [1, 2, 3]


def test_what_cannot_be_merged_is_refused_with_a_sentence(idle_council: Council) -> None:
    council = idle_council
    two_clients(council, NHSNumber="9434765919")
    assert refusal(council, "A100", "9434765919").code == "same_client"
    assert refusal(council, "A999", "A100").code == "not_found"
    assert refusal(council, "A100", "A999").message == (
        "There is no client “A999”: write an SSRef, ClientRef or NHSNumber."
    )
    provider: Caller = {"who": "p", "role": "provider", "organisation": str(uuid.uuid4())}
    assert refusal(council, "A200", "A100", provider).code == "not_allowed"
    assert refusal(council, "A200", "A100", SYSTEM | {"role": "provider"}).code == "not_allowed"


def test_one_who_was_merged_into_a_client_that_is_merged_later_is_the_last_one(idle_council: Council) -> None:
    council = idle_council
    two_clients(council)
    do(council, import_step(council, a_care_file(a_care_row(3, SSRef="A300", AssessedContribution="15.00"))))
    do(council, visits(a_said_visit("V3", ssref="A300")))
    settle(council)
    merge(council, "A200", "A100")
    merge(council, "A100", "A300")
    assert merge(council, "A200", "A100")["state"] == "merged"  # it is one with A100, and A100 with A300
    settle(council)
    assert {find_client(council, ref)["client_id"] for ref in ("A100", "A200")} == {
        find_client(council, "A300")["client_id"]
    }
    assert council.books_now()["total_charges"] == "15.00"


@pytest.mark.parametrize("seed", range(4))
def test_messages_of_a_merge_may_come_late_twice_and_in_any_order(idle_council: Council, seed: int) -> None:
    council = idle_council
    two_clients(council)
    delivery = Delivery(council, random.Random(seed), copies=2)
    do(council, visits(a_visit_of_second("V3", planned_on="2022-10-04")))
    merge(council)
    do(
        council,
        import_step(
            council,
            a_care_file(
                a_care_row(
                    2, SSRef="A200", AssessedContribution="12.00", StartDate="02/08/2022", ServiceName=VALE
                )
            ),
        ),
    )
    delivery.deliver_all()
    assert council.books_now()["total_charges"] == "12.00"
    assert council.books_now()["total_payable"] == "60.00"


MERGES = (
    {"client_id": ADA, "into_client_id": BEA},
    {"client_id": BEA, "into_client_id": CAT},
)


ORDERS = random.Random(0).sample(list(itertools.permutations(range(5))), 12)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_payments_comes_to_the_same_in_whatever_order_it_hears_of_merges(
    idle_council: Council, order: tuple[int, ...]
) -> None:
    council = idle_council
    clients = (ADA, BEA, CAT)
    packages = [a_package(i, client=one, assessed="30.00") for i, one in enumerate(clients, 1)]
    with council.payments() as session:
        care_steps.take_care(session, care_changed(*packages))
        posting_steps.take_weeks(
            session, weeks_matched(*(a_week(i, client=one) for i, one in enumerate(clients, 1)))
        )
    moved = [a_package(i, version=9, client=CAT, assessed="30.00") for i in (1, 2)]
    messages = [
        *(a_message("care_changed", {"reference_version": 1, "merged_clients": [one]}) for one in MERGES),
        *(care_changed(package) for package in moved),
        care_changed(a_package(2, version=5, client=BEA, assessed="30.00")),
    ]
    for place in order:
        with council.payments() as session:
            care_steps.take_care(session, messages[place])
    with council.payments() as session:
        care_steps.take_care(session, messages[0])
        facts = session.execute(text("SELECT DISTINCT client_id::text FROM packages")).scalars().all()
        assert facts == [CAT]
        assert session.scalar(text("SELECT sum(amount) FROM charges")) == 30
        rows = session.execute(
            text("SELECT client_id, monday, array_agg(ordinal ORDER BY ordinal) FROM charges GROUP BY 1, 2")
        )
        assert all(ordinals == list(range(len(ordinals))) for *_, ordinals in rows)
        holders = session.execute(
            text("SELECT client_id::text, into_client_id::text FROM merged_clients")
        ).all()
        assert sorted(map(tuple, holders)) == [(ADA, CAT), (BEA, CAT)]
