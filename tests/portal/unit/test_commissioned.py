"""How Commissioned v Actuals is put together from packages and their weeks, and what a page of reports asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.portal.reports import choices
from services.portal.reports.commissioned import begun_within, lines
from services.portal.reports.declared import Asking, Place

TODAY = dt.date(2022, 10, 31)
VALUES = {
    "organisation": None,
    "client": None,
    "group_class": None,
    "payment_method": None,
    "first": dt.date(2022, 10, 3),
    "last": dt.date(2022, 10, 30),
    "differences": False,
    "empty": False,
}
NOTHING = dict.fromkeys(("commissioned", "actual", "frustrated", "difference"), "0.00")


class Services:
    """Packages 0 to 2,999 in this order; a package has as many weeks as `weeks` says."""

    def __init__(self, weeks: dict[int, int]) -> None:
        self.weeks = weeks
        self.asked: list[str] = []

    def ask(self, service: str, method: str, caller: Any, **payload: Any) -> Any:
        self.asked.append(method)
        if method == "packages_by_client":
            first = payload["after"] + 1
            ids = range(first, min(first + payload["limit"], 3000))
            return [{"cpli_id": cpli_id, "surname": "Lee", "forename": "Ann"} for cpli_id in ids]
        if method == "commissioned_actuals":
            return [
                {"cpli_id": one, "monday": f"week {week}", "visits": 1, "quantity": NOTHING, "cost": NOTHING}
                for one in payload["cpli_ids"]
                for week in range(self.weeks.get(one, 0))
            ]
        return "2022-10-30"


def an_asking(services: Services) -> Asking:
    return Asking(services, {"who": "w", "role": "council", "organisation": None}, TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "weeks",
    [
        dict.fromkeys(range(3000), 4),
        dict.fromkeys(range(0, 3000, 7), 3),
        {5: 1, 1700: 4, 2999: 2},
        dict.fromkeys(range(40, 3000), 4),
        {},
    ],
)
def test_pages_hold_every_week_once_in_order_and_are_of_bounded_length(weeks: dict[int, int]) -> None:
    services, place = Services(weeks), None
    found: list[tuple[int, str]] = []
    while True:
        rows, place = lines(an_asking(services), VALUES, place, 100)
        assert len(rows) < 100 + 4
        found += [(row["cpli_id"], row["week"]) for row in rows]
        if place is None:
            break
    assert found == [(one, f"week {week}") for one, number in sorted(weeks.items()) for week in range(number)]


def test_where_few_packages_have_weeks_more_are_asked_for_at_a_time() -> None:
    services = Services({})
    place: Place | None
    _, place = lines(an_asking(services), VALUES, None, 100)
    assert place == [25 + 100 + 400 + 1000 - 1]
    assert len(services.asked) == 8
    almost_full = Services(dict.fromkeys(range(20), 4))
    rows, place = lines(an_asking(almost_full), VALUES, None, 100)
    assert (len(rows), place, len(almost_full.asked)) == (80, [24], 2)


def test_a_package_is_not_cut_in_two() -> None:
    rows = [{"cpli_id": number // 4} for number in range(12)]
    assert begun_within(rows, 5) == rows[:8]
    assert begun_within(rows, 9) is None
    assert begun_within(rows, 12) is None


def test_a_short_list_is_asked_for_once_a_page_and_the_newest_week_only_without_days() -> None:
    services = Services({})
    one_page = an_asking(services)
    defaults = choices.newest_weeks(4)
    assert defaults(one_page, VALUES) == {}
    assert services.asked == []
    for _ in range(2):
        assert defaults(one_page, VALUES | {"first": None})["last"] == dt.date(2022, 10, 30)
    assert services.asked == ["newest_planned_day"]
    one_page.ask_once(one_page.ingest.newest_planned_day, organisation="another")
    one_page.ingest.newest_planned_day(organisation=None)
    assert len(services.asked) == 3
