"""Two transactions at once in payments, on a real PostgreSQL (DESIGN 1, State converges).

Each race is held open: the first transaction has written and not committed when the second comes, which must wait.
"""

import threading
from decimal import Decimal
from typing import Any

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import text

from libs.common.care.weeks import next_period, period_start_of
from services.payments import locks
from services.payments.care import steps as care_steps
from services.payments.finalising import steps as finalising_steps
from services.payments.periods import store as periods_store
from services.payments.periods import views as periods_views
from services.payments.periods.rules import Periods
from services.payments.posting import steps as posting_steps
from tests.support.builders.messages import (
    ADA,
    BEA,
    DIAMOND,
    MONDAY,
    PEARL,
    a_package,
    a_week,
    care_changed,
    weeks_matched,
)
from tests.support.council.council import Council
from tests.support.council.racing import Other, Step, in_turn, is_waiting, while_uncommitted
from tests.support.run.waiting import wait_until

PERIOD = period_start_of(MONDAY)


def take(council: Council, *messages: Any) -> None:
    """Hand messages to payments, one transaction each."""
    for message in messages:
        step = care_steps.take_care if message.event == "care_changed" else posting_steps.take_weeks
        with council.payments() as session:
            step(session, message)


def weeks(*said: dict[str, Any]) -> Step:
    return lambda session: posting_steps.take_weeks(session, weeks_matched(*said))


def care_step(*packages: dict[str, Any]) -> Step:
    return lambda session: care_steps.take_care(session, care_changed(*packages))


def sum_charged(council: Council, client: str = ADA) -> Decimal:
    with council.payments() as session:
        query = text("SELECT coalesce(sum(amount), 0) FROM charges WHERE client_id = :client")
        return Decimal(session.scalar(query, {"client": client}) or 0)


def sum_paid(council: Council, **where: Any) -> Decimal:
    conditions = " AND ".join(f"{name} = :{name}" for name in where) or "true"
    with council.payments() as session:
        query = text(f"SELECT coalesce(sum(amount), 0) FROM items WHERE series = 'cost' AND {conditions}")
        return Decimal(session.scalar(query, where) or 0)


def test_two_cplis_of_one_client_posted_at_once_charge_one_assessed_contribution(
    idle_council: Council,
) -> None:
    council = idle_council
    take(
        council,
        care_changed(a_package(1, assessed="35.00"), a_package(2, assessed="35.00", organisation=PEARL)),
    )
    in_turn(
        council.sessions["payments"],
        weeks(a_week(1, hours=(3,))),
        weeks(a_week(2, hours=(3,), organisation=PEARL)),
    )
    assert sum_charged(council) == Decimal("35.00")
    assert sum_paid(council) == Decimal("120.00")


def test_without_the_clients_lock_the_second_charge_fails_instead_of_being_charged(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = idle_council
    take(council, care_changed(a_package(1, assessed="35.00"), a_package(2, assessed="35.00")))
    monkeypatch.setattr(locks, "lock_clients", lambda session, clients: None)
    with while_uncommitted(council.sessions["payments"], weeks(a_week(1, hours=(3,)))):
        other = Other(council.sessions["payments"], weeks(a_week(2, hours=(3,))))
        wait_until(lambda: is_waiting(council.sessions["payments"]) or not other.is_alive())
    with pytest.raises(UniqueViolation):
        other.ends()
    assert sum_charged(council) == Decimal("35.00")


def test_a_cpli_moved_to_another_client_while_its_first_week_is_posted_is_charged_to_the_new_one(
    idle_council: Council,
) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA)))
    in_turn(council.sessions["payments"], weeks(a_week(1)), care_step(a_package(1, version=2, client=BEA)))
    assert (sum_charged(council, ADA), sum_charged(council, BEA)) == (0, Decimal("20.00"))
    assert (sum_paid(council, client_id=ADA), sum_paid(council, client_id=BEA)) == (0, Decimal("20.00"))


def test_a_week_posted_while_its_cpli_moves_is_charged_to_the_new_client(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA)))
    in_turn(council.sessions["payments"], care_step(a_package(1, version=2, client=BEA)), weeks(a_week(1)))
    assert (sum_charged(council, ADA), sum_charged(council, BEA)) == (0, Decimal("20.00"))


def test_a_cpli_moved_to_another_organisation_takes_its_money_along(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)), weeks_matched(a_week(1, hours=(2,))))
    take(council, care_changed(a_package(1, version=2, organisation=PEARL)))
    assert (sum_paid(council, organisation_id=DIAMOND), sum_paid(council, organisation_id=PEARL)) == (
        0,
        Decimal("40.00"),
    )


def test_finalising_waits_for_the_poster_at_work_and_freezes_what_it_posted(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2)))
    in_turn(
        council.sessions["payments"],
        weeks(a_week(1)),
        lambda session: finalising_steps.finalise(session, PERIOD, None, who="x"),
    )
    take(council, weeks_matched(a_week(2)))
    assert sum_paid(council, period_start=PERIOD) == Decimal("20.00")
    assert sum_paid(council, period_start=next_period(PERIOD)) == Decimal("20.00")


def test_a_poster_that_comes_while_a_period_is_finalised_posts_into_the_next(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)))
    in_turn(
        council.sessions["payments"],
        lambda session: finalising_steps.finalise(session, PERIOD, None, who="x"),
        weeks(a_week(1)),
    )
    assert sum_paid(council, period_start=PERIOD) == 0
    assert sum_paid(council, period_start=next_period(PERIOD)) == Decimal("20.00")


def test_finalising_gets_its_turn_against_four_posters_and_nothing_is_posted_into_the_period_after(
    idle_council: Council,
) -> None:
    council = idle_council
    take(
        council,
        care_changed(*(a_package(n, client=f"{n:08d}-0000-4000-8000-000000000000") for n in range(1, 5))),
    )
    stop = threading.Event()

    def post(cpli_id: int) -> None:
        version = 1
        while not stop.is_set():
            version += 1
            take(council, weeks_matched(a_week(cpli_id, version=version, hours=(version % 7 + 1,))))

    posters = [threading.Thread(target=post, args=(n,)) for n in range(1, 5)]
    for poster in posters:
        poster.start()
    wait_until(lambda: sum_paid(council) > 0)
    with council.payments() as session:
        frozen = Decimal(finalising_steps.finalise(session, PERIOD, None, who="x")["payable"])
    wait_until(lambda: sum_paid(council, period_start=next_period(PERIOD)) != 0)
    stop.set()
    for poster in posters:
        poster.join(20)
    assert sum_paid(council, period_start=PERIOD) == frozen


def test_an_older_version_of_a_week_changes_nothing(idle_council: Council) -> None:
    council = idle_council
    newer, older = a_week(1, version=8, hours=(2,)), a_week(1, version=7, hours=(5,))
    take(council, care_changed(a_package(1)), weeks_matched(newer), weeks_matched(older))
    assert sum_paid(council) == Decimal("40.00")


def test_an_older_version_of_a_package_changes_nothing(idle_council: Council) -> None:
    council = idle_council
    newer, older = a_package(1, version=8, unit_cost="20.00"), a_package(1, version=7, unit_cost="90.00")
    take(council, care_changed(newer), weeks_matched(a_week(1)), care_changed(older))
    assert sum_paid(council) == Decimal("20.00")


def test_a_package_that_arrives_after_its_week_prices_it_then(idle_council: Council) -> None:
    council = idle_council
    take(council, weeks_matched(a_week(1, hours=(2,))))
    assert sum_paid(council) == 0
    take(council, care_changed(a_package(1)))
    assert (sum_paid(council), sum_charged(council)) == (Decimal("40.00"), Decimal("40.00"))


def test_a_week_waits_for_the_terms_it_was_matched_under_and_keeps_its_price_until_then(
    idle_council: Council,
) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)), weeks_matched(a_week(1, version=1, hours=(1,))))
    take(council, weeks_matched(a_week(1, version=2, terms_version=2, hours=(2,))))
    assert sum_paid(council) == Decimal("20.00")
    take(council, care_changed(a_package(1, version=2, unit_cost="30.00")))
    assert (sum_paid(council), sum_charged(council)) == (Decimal("60.00"), Decimal("60.00"))


def test_an_empty_week_takes_its_money_back(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1)), weeks_matched(a_week(1, version=1)))
    take(council, weeks_matched(a_week(1, version=2, hours=())))
    assert (sum_paid(council), sum_charged(council)) == (0, 0)


def test_a_contract_finalised_alone_leaves_the_others_open(idle_council: Council) -> None:
    council = idle_council
    take(council, care_changed(a_package(1), a_package(2, client=BEA, contract="LWAH")))
    take(council, weeks_matched(a_week(1), a_week(2, client=BEA)))
    council.finalise(PERIOD, "DAPL")
    with council.payments() as session:
        assert [period["state"] for period in periods_views.list_periods(session)] == ["partially finalised"]
        assert isinstance(periods_store.read_periods(session), Periods)
    take(
        council, weeks_matched(a_week(1, version=2, hours=(2,)), a_week(2, version=2, hours=(2,), client=BEA))
    )
    assert sum_paid(council, period_start=PERIOD, contract="DAPL") == Decimal("20.00")
    assert sum_paid(council, period_start=PERIOD, contract="LWAH") == Decimal("40.00")
    assert sum_paid(council, period_start=next_period(PERIOD), contract="DAPL") == Decimal("20.00")
