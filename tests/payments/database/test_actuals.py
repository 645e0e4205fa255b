"""Weeks of actuals in payments: kept, priced, posted, taken back, reported (RULES 13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from libs.common.rpc import Caller
from services.payments.care.steps import take_care
from services.payments.posting.steps import take_weeks
from services.payments.remittances import views as remittances_views
from services.payments.reports import views as reports_views
from tests.support.builders.messages import a_package, a_week, care_changed, weeks_matched
from tests.support.council.council import Council

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
MONDAY = dt.date(2022, 10, 3)
HOUR = 3600
PLAN = {"timetable": [], "suspensions": []}


def by_actuals(**facts: Any) -> dict[str, Any]:
    said = {
        "unit": "Hr",
        "frequency": "Weekly",
        "authorised": True,
        "payment_method": "Actuals",
        "plan": PLAN,
    }
    more = {name: facts.pop(name) for name in (*said, "terms") if name in facts}
    return a_package(7, unit_cost="23.226", **facts) | said | more


def an_actual(*lines: tuple[str, str, int, int, int | None], **facts: Any) -> dict[str, Any]:
    return a_week(7, hours=(), **facts) | {"lines": [list(line) for line in lines]}


WHOLE = ("2022-10-03", "2022-10-09", 18_900, 1_800, 6)


def hear(council: Council, *messages: Any) -> None:
    for message in messages:
        with council.payments() as session:
            (take_care if message.event == "care_changed" else take_weeks)(session, message)


def paid(council: Council) -> list[tuple[str, Decimal]]:
    with council.payments() as session:
        rows = session.execute(text("SELECT kind, amount FROM items ORDER BY ordinal"))
        return [(kind, amount) for kind, amount in rows]


def test_the_golden_figure_is_posted_and_explains_itself(idle_council: Council) -> None:
    hear(idle_council, care_changed(by_actuals()), weeks_matched(an_actual(WHOLE), reason="actuals"))
    assert paid(idle_council) == [("cost", Decimal("133.55"))]
    with idle_council.payments() as session:
        explanation = session.scalar(text("SELECT explanation FROM items"))
    assert (explanation["actual"], explanation["frustrated"]) == ("121.94", "11.61")


def test_reports_are_limited_to_what_is_paid_by_actuals(idle_council: Council) -> None:
    of_visits = a_package(8, unit_cost="20.00") | {"payment_method": "Visits"}
    weeks = weeks_matched(an_actual(WHOLE), a_week(8), reason="actuals")
    hear(idle_council, care_changed(by_actuals(), of_visits), weeks)
    whose = {"start": MONDAY, "organisation": None, "contract": None, "after": None, "limit": 10}
    for method, total, cplis in (
        ("Actuals", "133.55", [7]),
        ("Visits", "20.00", [8]),
        (None, "153.55", [7, 8]),
    ):
        with idle_council.payments() as session:
            asked = {**whose, "after": 0, "summary": False, "payment_method": method}
            remitted = remittances_views.describe_remittance(session, OFFICER, **asked)
            pending = reports_views.list_payment_exceptions(session, OFFICER, **whose, payment_method=method)
        assert remitted["totals"]["total"] == total
        assert sum(Decimal(line["amount"]) for line in remitted["lines"]) == Decimal(total)
        assert sorted(item["cpli_id"] for item in pending) == cplis  # each CPLI's first payment


def test_a_week_that_comes_before_its_terms_waits_for_them(idle_council: Council) -> None:
    hear(idle_council, weeks_matched(an_actual(WHOLE), reason="actuals"))
    assert paid(idle_council) == []
    hear(idle_council, care_changed(by_actuals()))
    assert paid(idle_council) == [("cost", Decimal("133.55"))]


def test_a_suspension_a_rate_and_another_method_change_what_is_paid_without_anything_entered(
    idle_council: Council,
) -> None:
    hear(idle_council, care_changed(by_actuals()), weeks_matched(an_actual(WHOLE), reason="actuals"))
    suspended = {"timetable": [], "suspensions": [["2022-10-03", "2022-10-03"]]}
    hear(idle_council, care_changed(by_actuals(version=2, plan=suspended)))
    assert paid(idle_council)[-1] == ("cost", Decimal("-19.08"))  # six sevenths: 104.52 + 9.95
    hear(idle_council, care_changed(by_actuals(version=3, payment_method="Visits")))
    assert sum(amount for _, amount in paid(idle_council)) == 0
    hear(idle_council, weeks_matched(a_week(7, version=2, terms_version=3, hours=()), reason="care"))
    assert idle_council.books_now()["weeks"] == {}


def test_a_newer_state_is_kept_and_an_older_one_changes_nothing(idle_council: Council) -> None:
    nought = ("2022-10-03", "2022-10-09", 0, 0, 0)
    newer, older = an_actual(nought, version=5), an_actual(WHOLE, version=4)
    hear(idle_council, care_changed(by_actuals()), weeks_matched(newer), weeks_matched(older))
    assert paid(idle_council) == []
    assert idle_council.books_now()["weeks"] == {"7/2022-10-03": [0, 0, "0.00", "0.00"]}


def test_the_report_counts_the_visits_that_the_provider_counted(idle_council: Council) -> None:
    hear(idle_council, care_changed(by_actuals()), weeks_matched(an_actual(WHOLE), reason="actuals"))
    with idle_council.payments() as session:
        (row,) = reports_views.list_commissioned_actuals(
            session, cpli_ids=[7], first=MONDAY, last=MONDAY, with_empty=False, differences_only=False
        )
    assert (row["visits"], row["quantity"]["commissioned"], row["cost"]["actual"]) == (6, "7.00", "121.94")
