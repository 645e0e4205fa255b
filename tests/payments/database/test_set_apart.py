"""One bad week, visit or package is set apart with its reason; its neighbours are done, and it too once it is mended."""

import datetime as dt
import random
import string
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.failures import is_hopeless_as_it_is
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import receive
from libs.common.operations.answers import find_apart, find_why_apart, retry_apart
from libs.common.operations.apart import InParts
from libs.common.process import database
from libs.common.rpc import Caller
from services.payments.worker import HANDLERS
from tests.support.builders.messages import (
    ADA,
    BEA,
    DIAMOND,
    MONDAY,
    a_message,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import Council

COUNCIL: Caller = {"who": "a tester", "role": "council", "organisation": None}


def take(council: Council, message: Message) -> None:
    """As the consumer does it: whole, and in parts when that fails."""
    handler = HANDLERS[message.event]
    assert isinstance(handler, InParts)
    for attempt in (handler.whole, handler.in_parts):
        try:
            with council.payments() as session:
                receive(session, message)
                attempt(session, message)
            return
        except Exception:  # the second time it is the test's failure
            if attempt == handler.in_parts:
                raise


def find_all_apart(council: Council) -> dict[str, str]:
    """What is set apart, with its reason."""
    with council.payments() as session:
        return {f"{one['kind']} {one['key']}": one["reason"] for one in find_apart(session, COUNCIL)}


def retry(council: Council) -> int:
    """Say again what is set apart, and have payments hear it."""
    with council.payments() as session:
        count = retry_apart(session, COUNCIL, None)
        rows = session.execute(text("DELETE FROM outbox RETURNING event, body::json")).all()
    for event, body in rows:
        if event in HANDLERS:
            take(council, a_message(event, body))
    return count


def sum_paid(council: Council) -> dict[int, Decimal]:
    """What each CPLI was paid."""
    with council.payments() as session:
        rows = session.execute(text("SELECT cpli_id, sum(amount) FROM items GROUP BY 1 ORDER BY 1")).all()
    return {row[0]: row[1] for row in rows}


def run(council: Council, statement: str, **values: Any) -> None:
    with council.payments() as session:
        session.execute(text(statement), values)


def of_unknown_type(week: dict[str, Any]) -> dict[str, Any]:
    for visit in week["visits"]:
        visit[1] = "X9"
    return week


def test_a_week_of_an_unknown_visit_type_is_set_apart_and_paid_once_the_type_is_known(
    idle_council: Council,
) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA)))
    take(council, weeks_matched(of_unknown_type(a_week(1)), a_week(2, client=BEA)))
    assert sum_paid(council) == {2: Decimal("20.00")}
    assert find_all_apart(council) == {f"week 1/{MONDAY}": "builtins.KeyError: 'X9'"}
    run(council, "INSERT INTO visit_types VALUES ('X9', true, true, 'delivered', 1)")
    assert retry(council) == 1
    assert sum_paid(council) == {1: Decimal("20.00"), 2: Decimal("20.00")}
    assert find_all_apart(council) == {}


def test_a_week_set_apart_keeps_what_it_was_paid_and_its_correction_clears_it(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)))
    take(council, weeks_matched(a_week(1, hours=(2,))))
    take(council, weeks_matched(of_unknown_type(a_week(1, version=2, hours=(3,)))))
    assert sum_paid(council) == {1: Decimal("40.00")}
    assert list(find_all_apart(council)) == [f"week 1/{MONDAY}"]
    take(
        council, weeks_matched(a_week(1, version=1, hours=(2,)))
    )  # late, and no success of what is set apart
    assert list(find_all_apart(council)) == [f"week 1/{MONDAY}"]
    take(council, weeks_matched(a_week(1, version=3, hours=(4,))))
    assert sum_paid(council) == {1: Decimal("80.00")}
    assert find_all_apart(council) == {}


FIRST_WEEK, LAST_WEEK = dt.date.min, dt.date(9999, 12, 27)

POISON: dict[str, Callable[[dict[str, Any]], None]] = {
    "a number that no column holds": lambda week: week["visits"][0].__setitem__(5, 10**40),
    "a NUL": lambda week: week["visits"][0].__setitem__(0, "V\0"),
    "half an emoji": lambda week: week["visits"][0].__setitem__(0, "V\ud83d"),
    "the last week there is": lambda week: week.update(monday=LAST_WEEK.isoformat()),
    "the first week there is": lambda week: week.update(monday=FIRST_WEEK.isoformat()),
    "no list of visits": lambda week: week.update(visits=[["V"]]),
    "an organisation that is none": lambda week: week.update(organisation_id="Diamond"),
    "a version that is a text": lambda week: week.update(version="seven"),
    "a version that no column holds": lambda week: week.update(version=10**30),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_whatever_a_week_holds_its_neighbours_are_paid(
    idle_council: Council, poison: Callable[[dict[str, Any]], None]
) -> None:
    council = idle_council
    take(
        council, care_changed(*(a_package(n, client=client) for n, client in ((1, ADA), (2, BEA), (3, ADA))))
    )
    bad = a_week(1)
    poison(bad)
    take(council, weeks_matched(a_week(2, client=BEA), bad, a_week(3)))
    assert sum_paid(council) == {2: Decimal("20.00"), 3: Decimal("20.00")}
    assert list(find_all_apart(council)) == [f"week 1/{bad['monday']}"]
    with council.payments() as session:
        (why,) = find_why_apart(session, [("week", f"1/{bad['monday']}"), ("week", "2/2022-10-03")])
    assert why["key"] == f"1/{bad['monday']}"
    assert retry(council) == 1  # it fails again, and stays
    assert list(find_all_apart(council)) == [f"week 1/{bad['monday']}"]
    take(council, weeks_matched(a_week(1, version=2)))
    assert sum_paid(council)[1] == Decimal("20.00")


def test_a_week_of_a_cpli_that_no_column_holds_leaves_its_neighbours_paid(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)))
    take(council, weeks_matched(a_week(10**30), a_week(1)))
    assert sum_paid(council) == {1: Decimal("20.00")}
    assert list(find_all_apart(council)) == [f"week {10**30}/{MONDAY}"]


def test_the_good_path_asks_nothing_more(idle_council: Council) -> None:
    council = idle_council
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    sa_event.listen(council.engines["payments"], "before_cursor_execute", note)
    try:
        take(council, care_changed(a_package(1)))
        take(council, weeks_matched(a_week(1)))
        take(council, a_message("pricing_wanted", {"cpli_ids": [1], "since": "0001-01-01"}))
    finally:
        sa_event.remove(council.engines["payments"], "before_cursor_execute", note)
    about = [statement for statement in statements if "set_apart" in statement]
    assert len(about) == 3  # what receives a message says it on the way
    assert all(statement.startswith("INSERT INTO received") for statement in about)
    assert not any("SAVEPOINT" in statement for statement in statements)
    assert sum_paid(council) == {1: Decimal("20.00")}


def without_terms(package: dict[str, Any]) -> dict[str, Any]:
    return package | {"terms": []}


def test_a_package_that_can_not_be_stored_is_set_apart_and_taken_once_it_is_said_rightly(
    idle_council: Council,
) -> None:
    council = idle_council
    take(council, weeks_matched(a_week(1), a_week(2, client=BEA)))
    take(council, care_changed(a_package(1) | {"contract": "A\0"}, a_package(2, client=BEA)))
    assert sum_paid(council) == {2: Decimal("20.00")}
    assert list(find_all_apart(council)) == ["package 1"]
    take(council, care_changed(a_package(1, version=2)))
    assert sum_paid(council) == {1: Decimal("20.00"), 2: Decimal("20.00")}
    assert find_all_apart(council) == {}


def test_a_week_of_a_package_without_terms_is_set_apart_and_paid_with_its_terms(
    idle_council: Council,
) -> None:
    council = idle_council
    take(council, care_changed(without_terms(a_package(1)), a_package(2, client=BEA)))
    take(council, weeks_matched(a_week(1), a_week(2, client=BEA)))
    assert sum_paid(council) == {2: Decimal("20.00")}
    assert list(find_all_apart(council)) == [f"week 1/{MONDAY}"]
    take(council, care_changed(a_package(1, version=2)))
    assert sum_paid(council) == {1: Decimal("20.00"), 2: Decimal("20.00")}
    assert find_all_apart(council) == {}


@pytest.mark.parametrize("terms", ['[{"effective_from": "soon"}]', "[{}]", '{"a": 1}', '"none"'])
def test_a_package_whose_stored_terms_can_not_be_read_stops_no_other(
    idle_council: Council, terms: str
) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA)))
    run(council, "UPDATE packages SET terms = CAST(:terms AS jsonb) WHERE cpli_id = 1", terms=terms)
    take(council, weeks_matched(a_week(1), a_week(2, client=BEA)))
    assert sum_paid(council) == {2: Decimal("20.00")}
    assert list(find_all_apart(council)) == [f"week 1/{MONDAY}"]
    take(council, a_message("pricing_wanted", {"cpli_ids": [1, 2], "since": "0001-01-01"}))
    assert set(find_all_apart(council)) == {f"week 1/{MONDAY}", "package 1"}
    run(
        council,
        "UPDATE packages p SET terms = o.terms FROM packages o WHERE p.cpli_id = 1 AND o.cpli_id = 2",
    )
    assert retry(council) == 2
    assert sum_paid(council) == {1: Decimal("20.00"), 2: Decimal("20.00")}
    assert find_all_apart(council) == {}


def test_pricing_again_sets_apart_what_fails_alone(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA)))
    take(council, weeks_matched(a_week(1), a_week(2, client=BEA)))
    run(council, 'UPDATE weeks SET visits = \'[["V", "DHS"]]\' WHERE cpli_id = 1')
    run(council, "UPDATE packages SET terms = jsonb_set(terms, '{0,unit_cost}', '\"30\"')")
    take(council, a_message("pricing_wanted", {"cpli_ids": [1, 2], "since": "0001-01-01"}))
    assert sum_paid(council) == {1: Decimal("20.00"), 2: Decimal("30.00")}
    assert list(find_all_apart(council)) == [f"week 1/{MONDAY}"]


def test_what_passes_by_itself_sets_nothing_apart(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)))
    handler = HANDLERS["weeks_matched"]
    assert isinstance(handler, InParts)
    message = weeks_matched(a_week(1))
    with council.payments() as holding:
        holding.execute(text("SELECT pg_advisory_xact_lock(1)"))
        with pytest.raises(Exception, match="lock timeout"), council.payments() as session:  # noqa: PT012
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            handler.in_parts(session, message)
    assert find_all_apart(council) == {}
    assert sum_paid(council) == {}


def test_a_provider_sees_its_own_weeks_apart_and_none_of_the_lists(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)))
    take(council, weeks_matched(of_unknown_type(a_week(1))))
    engine = database.engine(council.schemas.url_of("payments_rpc"), "payments")
    make = database.sessions(engine, "payments")
    asked = [("week", f"1/{MONDAY}")]
    try:
        for organisation, number in ((DIAMOND, 1), (ADA, 0)):
            provider: Caller = {"who": "p", "role": "provider", "organisation": organisation}
            with database.transaction(make, provider) as session:
                assert len(find_why_apart(session, asked)) == number
                with pytest.raises(Refused):
                    find_apart(session, provider)
                with pytest.raises(Refused):
                    retry_apart(session, provider, None)
        with database.transaction(make, COUNCIL) as session:
            assert retry_apart(session, COUNCIL, None) == 1
    finally:
        engine.dispose()


def test_what_no_later_attempt_can_mend_is_known(idle_council: Council) -> None:
    def error_of(work: Callable[[Session], object]) -> Exception:
        with pytest.raises(Exception) as caught, idle_council.payments() as session:
            work(session)
        assert isinstance(caught.value, Exception)
        return caught.value

    too_large = "INSERT INTO visit_types VALUES (:ref, true, true, '', 0)"
    noise = "".join(random.Random(1).choices(string.printable, k=60_000))  # so that it can't be packed
    hopeless: dict[str, tuple[str, dict[str, Any]]] = {
        "a NUL": ("SELECT CAST(:x AS text)", {"x": "\0"}),
        "a number": ("SELECT CAST(:x AS bigint)", {"x": "9" * 40}),
        "an index row": (too_large, {"ref": noise}),
    }
    for name, (statement, values) in hopeless.items():
        assert is_hopeless_as_it_is(error_of(lambda s, a=statement, v=values: s.execute(text(a), v))), name
    missing = error_of(lambda session: session.execute(text("SELECT * FROM not_there_yet")))
    assert not is_hopeless_as_it_is(missing)
    assert not is_hopeless_as_it_is(KeyError("X9"))
