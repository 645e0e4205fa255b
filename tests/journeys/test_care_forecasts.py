"""What a care file would change in money is shown before it is applied, and is what it then changes (RULES 2)."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from tests.oracle.facts.values import period_of
from tests.oracle.lives.life import DrawnLife
from tests.oracle.rows import DIAMOND, PEARL, PEARL_DAPL, a_week
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council

Money = dict[tuple[str, str, str], Decimal]
"""Pounds by organisation's id, ``open`` or ``finalised``, and ``payable``, ``deductions`` or ``charges``."""


class ForecastStory(Story):
    """A story whose every care file is checked first: what is posted then is what its check said."""

    def import_care_text(self, content: str) -> None:
        self.settle()
        before, known = sum_posted(self.council), ids_by_name(self.council)
        check = self.council.check_care(content)
        imported = self.council.confirm_care(check)
        assert imported["state"] == "imported", imported
        self.settle()
        after = sum_posted(self.council)
        changes = {key: after.get(key, 0) - before.get(key, 0) for key in after.keys() | before.keys()}
        ids = ids_by_name(self.council) | known
        assert forecast_of(check, ids) == {key: amount for key, amount in changes.items() if amount}
        assert self.oracle.import_care(content) == sum(
            check["counts"][n] for n in ("new", "changed", "unchanged")
        )


def ids_by_name(council: Council) -> dict[str, str]:
    """Organisations by their present names."""
    with council.payments() as s:
        return dict(s.execute(text("SELECT name, organisation_id::text FROM organisations")).all())


def forecast_of(check: dict[str, Any], ids: dict[str, str]) -> Money:
    """What a check says would be posted; its names are those of before the file, and of who comes with it."""
    found: Money = {}
    for where in ("open", "finalised"):
        found["", where, "charges"] = Decimal(check["forecast"]["charges"][where])
        for provider in check["forecast"]["providers"]:
            who = ids[provider["organisation"]]
            found[who, where, "payable"] = Decimal(provider[where])
            found[who, where, "deductions"] = Decimal(provider["deductions"][where])
    return {key: amount for key, amount in found.items() if amount}


def sum_posted(council: Council) -> Money:
    """All that was posted until now."""
    found: Money = {}

    def add(organisation: str, is_open: bool, what: str, amount: Decimal) -> None:
        key = organisation, "open" if is_open else "finalised", what
        found[key] = found.get(key, Decimal()) + amount

    with council.payments() as s:
        items = s.execute(
            text(
                "SELECT organisation_id::text, series, kind, monday, period_start, amount FROM items"
                " WHERE series NOT IN ('claims', 'debt')"
            )
        )
        for name, series, kind, monday, period, amount in items:
            is_open = kind != "adjustment" if monday is None else period_of(monday) == period
            add(name, is_open, "deductions" if series == "income" else "payable", amount)
        for monday, period, amount in s.execute(text("SELECT monday, period_start, amount FROM charges")):
            add("", period_of(monday) == period, "charges", amount)
    return found


@pytest.fixture
def story(council: Council) -> Iterator[ForecastStory]:
    """A story to tell to a council that knows nothing yet."""
    story = ForecastStory(council)
    yield story
    story.settle()


def test_the_check_shows_weekly_costs_and_what_is_posted_in_open_and_finalised_periods(
    story: ForecastStory,
) -> None:
    care = a_care_row(1, AssessedContribution="30.00", ContributionCollectedBy="Provider")
    others = a_care_row(2, SSRef="A200", Quantity="2.00"), a_care_row(3, SSRef="A300", Authorised="N")
    story.import_care(care, *others, a_care_row(4, EndDate="31/08/2022"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD))
    story.finalise(FIRST_PERIOD)
    items = story.council.money()
    changed = care | {"UnitCost": "21.00", "AssessedContribution": "40.00"}
    check = story.council.check_care(a_care_file(changed, a_care_row(5, SSRef="A500", Quantity="1")))
    assert check["forecast"] == {
        "providers": [
            {
                "organisation": DIAMOND,
                "weekly_before": "180.00",
                "weekly_after": "207.00",
                "open": "7.00",
                "finalised": "7.00",
                "deductions": {"open": "-10.00", "finalised": "-10.00"},
            }
        ],
        "charges": {"open": "10.00", "finalised": "10.00"},
        "methods": [],
    }
    assert story.council.money() == items
    story.council.confirm_care(check)
    assert story.council.books()["total_payable"] == "294.00"


def test_the_check_names_each_line_item_that_is_paid_in_another_way_with_what_it_takes_back(
    story: ForecastStory,
) -> None:
    care = a_care_row(1, AssessedContribution="30.00")
    story.import_care(care, a_care_row(2, SSRef="A200"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD)[:2])
    story.finalise(FIRST_PERIOD)
    check = story.council.check_care(a_care_file(care | {"PaymentMethod": "Invoice"}))
    method = {"cpli_id": 1, "client": "A100", "before": "Visits", "after": "Invoice"}
    assert check["forecast"]["methods"] == [method | {"open": "-40.00", "finalised": "-140.00"}]
    story.import_care(care | {"PaymentMethod": "Invoice"})
    story.compare()


def test_a_line_item_that_moves_shows_both_providers_and_nothing_of_the_check_is_stored(
    story: ForecastStory,
) -> None:
    story.import_care(a_care_row(1))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.import_visits(PEARL, *a_week("p", SECOND_PERIOD, ServiceName=PEARL_DAPL)[:3])
    moved = a_care_row(1, OrganisationName=PEARL, ServiceName=PEARL_DAPL)
    check = story.council.check_care(a_care_file(moved, a_care_row(6, SSRef="B1", Unit="Hours")))
    diamond, pearl = check["forecast"]["providers"]
    assert (diamond["weekly_before"], diamond["weekly_after"], diamond["open"]) == (
        "140.00",
        "0.00",
        "-140.00",
    )
    assert (pearl["weekly_before"], pearl["weekly_after"], pearl["open"]) == ("0.00", "140.00", "60.00")
    assert check["counts"]["rejected"] == 1
    story.compare()
    with story.council.sessions["matching"].begin() as s:
        assert s.scalar(text("SELECT count(*) FROM organisations")) == 1
        assert s.scalar(text("SELECT count(*) FROM cpli_history")) == 1
    story.import_care(moved)
    story.compare()


def test_a_one_off_is_in_the_forecast(story: ForecastStory) -> None:
    facts = {"Unit": "Payment", "Frequency": "One-off", "Quantity": "1", "UnitCost": "15.00"}
    one_off = a_care_row(9, StartDate="12/09/2022", **facts)
    story.import_care(a_care_row(1), one_off)
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.import_care(one_off | {"StartDate": "10/10/2022"})
    story.finalise(FIRST_PERIOD)
    story.import_care(
        one_off | {"StartDate": "10/10/2022", "Authorised": "N"},
        a_care_row(10, StartDate="12/09/2022", **facts),
    )
    story.compare()


def test_a_check_that_is_no_more_the_newest_takes_no_forecast(story: ForecastStory) -> None:
    story.import_care(a_care_row(1))
    check = story.council.check_care(a_care_file(a_care_row(1, Quantity="3")))
    story.import_care(a_care_row(1, Quantity="5"))
    again = story.council.confirm_care(check)
    assert (again["state"], again["check_version"]) == ("checked", 2)
    story.settle()
    found = story.council.care_check(uuid.UUID(check["id"]))
    (provider,) = found["forecast"]["providers"]
    assert (provider["weekly_before"], provider["weekly_after"]) == ("100.00", "60.00")


@pytest.mark.parametrize("seed", [5, 6])
def test_whatever_a_file_changes_its_check_said_so(story: ForecastStory, seed: int) -> None:
    life = DrawnLife(seed, story)
    try:
        life.run(16)
    except BaseException:
        print("after", len(life.log), "operations:", *life.log)
        raise
