"""What is kept of measures is what the visits say, after whatever changed them (RULES 16), on a real PostgreSQL."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from deploy.ops.reconcile.measures import compare_measures
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.measures import MeasuresAndWholes
from services.matching.circumstances import steps as circumstances_steps
from services.matching.lists import steps as lists_steps
from services.matching.measures import steps as measures_steps
from services.matching.measures import store, views
from services.matching.measures.answering import count_exactly
from services.matching.measures.counting import measured_from_visits
from services.matching.measures.days import figures
from services.matching.measures.remeasuring import remeasure, remeasure_organisation
from services.matching.measures.thresholds import by_day
from services.matching.merging import steps as merging_steps
from services.matching.under_delivery import views as under_delivery_views
from tests.matching.database.test_races_of_matching import (
    DIAMOND,
    a_said_visit,
    do,
    import_step,
    settle,
    visits,
)
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council
from tests.support.council.racing import Step, in_turn, while_uncommitted

MONDAY = dt.date(2022, 10, 3)
SUNDAY = dt.date(2022, 10, 9)
NEXT_MONDAY = dt.date(2022, 10, 10)
LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
HTLAH = {"Contract": "HTLAH", "ServiceName": "Diamond Home Care - HTLAH Oxford"}
ACTIVE = {"Timetable": DAILY, "Quantity": "7"}

Change = Callable[[Council], None]


def measures_now(council: Council, first: dt.date = MONDAY, last: dt.date = SUNDAY) -> MeasuresAndWholes:
    """Diamond's measures as they are answered, which are those that the visits say."""
    with council.sessions["matching"].begin() as session:
        counted = count_exactly(session, [DIAMOND], first, last)[DIAMOND]
        found = figures(counted.counts, counted.carers)
        thresholds_on = by_day(store.thresholds(session))
        assert found == measured_from_visits(session, DIAMOND, first, last, thresholds_on)
    return found


def remeasure_all(council: Council) -> None:
    """Measure what is stale, as the worker does when nothing else is to be done."""
    settle(council)
    while True:
        with council.sessions["matching"].begin() as session:
            if not remeasure(session, LATER):
                return


def stale_mondays(council: Council) -> set[dt.date]:
    """The weeks that are to be measured again."""
    with council.sessions["matching"].begin() as session:
        return set(session.scalars(text("SELECT monday FROM stale_weeks")))


def differences(council: Council) -> list[dict[str, Any]]:
    """What `reconcile` says of the measures."""
    with council.sessions["matching"].begin() as session:
        return list(compare_measures(session))


def client_id(council: Council, ssref: str) -> uuid.UUID:
    """The client of an SSRef."""
    with council.sessions["matching"].begin() as session:
        found: uuid.UUID = session.scalar(
            text("SELECT client_id FROM clients WHERE ssref = :ssref"), {"ssref": ssref}
        )
    return found


def care(*rows: dict[str, str]) -> Change:
    """Importing these rows of care."""
    return lambda council: do(council, import_step(council, a_care_file(*rows)))


def sent(*said: dict[str, Any]) -> Change:
    """Taking these visits."""
    return lambda council: do(council, visits(*said))


def says(step: Callable[..., Any], **facts: Any) -> Change:
    """The council says something by RPC."""
    return lambda council: do(council, lambda session: step(session, OFFICER, **facts))


def in_hospital(council: Council) -> None:
    """A stay that suspends the client's care by itself from Saturday on."""
    facts = {"kind": "hospital", "from_on": dt.date(2022, 10, 8), "to_on": None, "note": ""}
    do(
        council,
        lambda s: circumstances_steps.enter(s, OFFICER, client_id=client_id(council, "A100"), **facts),
    )


def late(**facts: Any) -> dict[str, Any]:
    """A visit that began eleven minutes late."""
    return a_said_visit("V2", planned_on="2022-10-04", delivered_entry=33_060, carer_ref="C2", **facts)


LEVEL: dict[str, Any] = {"key": "personal care", "name": "Personal Care", "ref": None, "aliases": []}
CAUSES: dict[str, tuple[Change, dict[str, Any]]] = {
    "a new visit": (sent(a_said_visit("V3", version=9, planned_on="2022-10-05")), {"delivered": 3}),
    "a visit that is corrected": (
        sent(a_said_visit(version=9, entry_overridden=True)),
        {"logged_share": "50.0"},
    ),
    "a visit that is deleted": (sent(a_said_visit(version=9, deleted=True)), {"delivered": 1}),
    "a visit of another client": (
        sent(a_said_visit(version=9, ssref="A200")),
        {"missed": 6, "continuity": "1.00"},
    ),
    "a visit that moves to another week": (
        sent(a_said_visit(version=9, planned_on="2022-10-10")),
        {"delivered": 1, "missed": 6},
    ),
    "care that ends": (care(a_care_row(1, **HTLAH, **ACTIVE, EndDate="07/10/2022")), {"missed": 3}),
    "care of another quantity": (
        care(a_care_row(1, **HTLAH, **ACTIVE | {"Quantity": "14"}, EffectiveFrom="08/10/2022")),
        {"missed": 7, "hours_commissioned": "16.00"},
    ),
    "care without a visit": (
        care(a_care_row(3, SSRef="A300", **HTLAH, Timetable="Sun 09:00-10:00", Quantity="1")),
        {"missed": 6, "slots_wanted": 8},
    ),
    "care that is suspended": (
        care(a_care_row(1, **HTLAH, **ACTIVE, Suspensions="08/10/2022-09/10/2022 hospital")),
        {"missed": 3},
    ),
    "a critical slot": (
        care(a_care_row(1, **HTLAH, **ACTIVE | {"Timetable": DAILY.replace("10:00;", "10:00!;", 1)})),
        {"time_critical_share": "100.0"},
    ),
    "a stay in hospital": (in_hospital, {"missed": 3}),
    "a threshold": (
        says(
            measures_steps.set_threshold,
            name="late_minutes",
            effective_from=dt.date(2022, 10, 4),
            value=10,
        ),
        {"late": 1},
    ),
    "one diary": (
        says(measures_steps.set_one_diary, contract="htlah", cpli_id=None, is_one_diary=True),
        {"missed": 0, "delivered_singly": 0},
    ),
    "one diary of a CPLI": (
        says(measures_steps.set_one_diary, contract=None, cpli_id=1, is_one_diary=True),
        {"missed": 0},
    ),
    "a level without visits": (
        says(lists_steps.save_service_level, **LEVEL, requires_visits=False),
        {"delivered": 0, "hours_commissioned": "0.00"},
    ),
    "another contract": (care(a_care_row(1, **HTLAH | {"Contract": "DAPL"}, **ACTIVE)), {}),
    "a merged client": (says(merging_steps.merge, client="A200", into="A100", reason="one person"), {}),
}


@pytest.fixture
def measured(idle_council: Council) -> Council:
    """Diamond has two clients, two visits in a week and one in the next; all of it is measured."""
    council = idle_council
    care(a_care_row(1, **HTLAH, **ACTIVE), a_care_row(2, SSRef="A200", **HTLAH))(council)
    sent(a_said_visit(carer_ref="C1"), late())(council)
    sent(a_said_visit("N1", planned_on="2022-10-11"))(council)
    remeasure_all(council)
    assert differences(council) == []
    assert not stale_mondays(council)
    assert measures_now(council)["missed"] == 5
    return council


@pytest.mark.parametrize("cause", CAUSES)
def test_whatever_changes_measures_has_the_week_measured_again(measured: Council, cause: str) -> None:
    change, expected = CAUSES[cause]
    change(measured)
    assert MONDAY in stale_mondays(measured)
    settle(measured)
    found = measures_now(measured)
    assert {name: found[name] for name in expected} == expected  # type: ignore[literal-required]
    remeasure_all(measured)
    assert not stale_mondays(measured)
    assert differences(measured) == []
    assert measures_now(measured) == found


@pytest.mark.parametrize(
    "change",
    [
        care(a_care_row(1, **HTLAH, **ACTIVE, UnitCost="23.00")),
        care(a_care_row(1, **HTLAH, **ACTIVE, EffectiveFrom="01/01/2023")),
        care(a_care_row(9, SSRef="A900", **HTLAH, StartDate="17/10/2022")),
        care(
            a_care_row(1, **HTLAH, **ACTIVE, OrganisationRef="R1", OrganisationName="Diamond Home Care Ltd")
        ),
        says(
            measures_steps.set_threshold,
            name="weeks_wanted",
            effective_from=dt.date(2022, 10, 4),
            value=3,
        ),
    ],
)
def test_what_changes_no_measure_leaves_them_alone(measured: Council, change: Change) -> None:
    change(measured)
    settle(measured)
    assert not stale_mondays(measured)
    assert differences(measured) == []


def test_only_the_weeks_that_change_are_measured_again(measured: Council) -> None:
    sent(a_said_visit("N1", version=9, planned_on="2022-10-11", deleted=True))(measured)
    assert stale_mondays(measured) == {NEXT_MONDAY}
    assert measures_now(measured, MONDAY, NEXT_MONDAY)["delivered"] == 2
    remeasure_all(measured)
    with measured.sessions["matching"].begin() as session:
        assert set(session.scalars(text("SELECT monday FROM measured_days"))) == {MONDAY}


def test_a_span_that_cuts_weeks_is_measured_by_its_days(measured: Council) -> None:
    found = measures_now(measured, dt.date(2022, 10, 4), NEXT_MONDAY)
    assert (found["delivered"], found["continuity"], found["hours_commissioned"]) == (1, "1.00", "14.00")


def test_what_changes_while_a_week_is_measured_leaves_it_stale(measured: Council) -> None:
    sent(a_said_visit("V3", planned_on="2022-10-05"))(measured)
    measuring: Step = lambda session: remeasure_organisation(session, DIAMOND)  # noqa: E731
    with while_uncommitted(measured.sessions["matching"], measuring):
        sent(a_said_visit("V4", planned_on="2022-10-06"))(measured)
        assert measures_now(measured)["delivered"] == 4
    assert stale_mondays(measured) == {MONDAY}
    assert measures_now(measured)["delivered"] == 4
    remeasure_all(measured)
    assert differences(measured) == []


def test_a_threshold_that_comes_while_a_week_is_measured_waits_and_has_it_measured_again(
    measured: Council,
) -> None:
    sent(a_said_visit("V3", planned_on="2022-10-05"))(measured)
    facts = {"name": "late_minutes", "effective_from": MONDAY, "value": 10}
    in_turn(
        measured.sessions["matching"],
        lambda session: remeasure_organisation(session, DIAMOND),
        lambda session: measures_steps.set_threshold(session, OFFICER, **facts),  # type: ignore[arg-type]
    )
    assert stale_mondays(measured) == {MONDAY, NEXT_MONDAY}
    assert measures_now(measured)["late"] == 1


def test_two_workers_do_not_measure_one_organisation_at_once(measured: Council) -> None:
    sent(a_said_visit("V3", planned_on="2022-10-05"))(measured)
    measuring: Step = lambda session: remeasure_organisation(session, DIAMOND)  # noqa: E731
    with (
        while_uncommitted(measured.sessions["matching"], measuring),
        measured.sessions["matching"].begin() as session,
    ):
        assert remeasure(session, LATER) == 0
    assert not stale_mondays(measured)


def test_nothing_is_measured_while_visits_are_being_taken(measured: Council) -> None:
    sent(a_said_visit("V3", planned_on="2022-10-05"))(measured)
    with measured.sessions["matching"].begin() as session:
        marked_at = session.scalar(text("SELECT max(marked_at) FROM stale_weeks"))
        assert remeasure(session, marked_at + dt.timedelta(seconds=1)) == 0
        assert remeasure(session, marked_at + dt.timedelta(seconds=3)) == 1


def test_under_delivery_is_the_same_from_what_is_kept_as_from_the_visits(measured: Council) -> None:
    def delivered() -> Any:
        with measured.sessions["matching"].begin() as session:
            asked = {"organisation": None, "after": None}
            found = under_delivery_views.under_delivery(session, OFFICER, LATER, **asked)["items"]
        return [(one["cpli_id"], [week["hours"] for week in one["weeks"]]) for one in found]

    days = [MONDAY + dt.timedelta(days=7 * number) for number in range(2, 6)]
    sent(*(a_said_visit(f"W{day}", planned_on=day.isoformat()) for day in days))(measured)
    six = [(1, ["1.00"] * 5 + ["2.00"]), (2, ["0.00"] * 6)]
    assert delivered() == six
    remeasure_all(measured)
    assert delivered() == six
    sent(a_said_visit(f"W{days[-1]}", version=9, planned_on=days[-1].isoformat(), deleted=True))(measured)
    five = [(cpli_id, hours[1:]) for cpli_id, hours in six]
    assert delivered() == five
    remeasure_all(measured)
    assert delivered() == five


def test_reconcile_names_what_is_kept_wrongly(measured: Council) -> None:
    with measured.sessions["matching"].begin() as session:
        session.execute(text("UPDATE measured_days SET late = late + 1 WHERE day = '2022-10-04'"))
        session.execute(text("DELETE FROM measured_carers WHERE carer_ref = 'C2'"))
        session.execute(text("UPDATE measured_deliveries SET seconds = 1 WHERE monday = '2022-10-10'"))
    assert [one["what"] for one in differences(measured)] == [
        "measures of day",
        "measured carer",
        "measured delivery",
    ]


def test_the_area_is_measured_where_three_providers_sent_visits(measured: Council) -> None:
    def of_area(caller: Caller) -> Any:
        with measured.sessions["matching"].begin() as session:
            return views.area_measures(session, caller, LATER, first=MONDAY, last=SUNDAY)

    found = of_area(OFFICER)
    assert (found["providers"], found["measures"], found["stale_weeks"]) == (1, None, 0)
    others = ("Pearl Care Ltd", "Ruby Care Ltd")
    for number, name in enumerate(others, 10):
        care(a_care_row(number, SSRef=f"B{number}", OrganisationName=name, ServiceName=f"{name} - One"))(
            measured
        )
    for number, name in enumerate(others, 10):
        said = a_said_visit(ssref=f"B{number}", carer_ref="C1", entry_overridden=True)
        do(measured, visits(said, organisation_id=str(organisation_id_of(name))))
    provider: Caller = {"who": "a manager", "role": "provider", "organisation": DIAMOND}
    found = of_area(provider)
    assert found == of_area(OFFICER)
    assert (found["providers"], found["measures"]["delivered"]) == (3, 4)
    assert (found["measures"]["logged_share"], found["measures"]["continuity"]) == ("50.0", "1.33")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.one_of(st.sampled_from(sorted(set(CAUSES) - {"a merged client"})), st.just("measured")),
        min_size=2,
        max_size=6,
    )
)
def test_what_is_kept_is_what_the_visits_say_after_any_order_of_changes(
    idle_council: Council, changes: list[str]
) -> None:
    council = idle_council
    council.schemas.empty()
    care(a_care_row(1, **HTLAH, **ACTIVE), a_care_row(2, SSRef="A200", **HTLAH))(council)
    sent(a_said_visit(carer_ref="C1"), late())(council)
    for name in changes:
        if name == "measured":
            remeasure_all(council)
        else:
            with suppress(Refused):  # a second stay of the same days is refused, and changes nothing
                CAUSES[name][0](council)
        assert differences(council) == []
        measures_now(council, MONDAY, NEXT_MONDAY)
    remeasure_all(council)
    assert not stale_mondays(council)
    assert differences(council) == []
    measures_now(council, dt.date(2022, 10, 4), NEXT_MONDAY)
