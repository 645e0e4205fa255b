"""What the pages of payment periods are answered from: items in their order, and sums kept of what is closed."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from services.payments.finalising import steps as finalising_steps
from services.payments.items import views as items_views
from services.payments.periods import views as periods_views
from tests.payments.database.test_holds import (
    FINANCE,
    NEXT,
    PERIOD,
    PROVIDER,
    WHOLE,
    council,
    differences,
    move,
    post,
)
from tests.support.council.council import Council

__all__ = ["council"]

CONTRACTS = ("finalised_contracts", "open_contracts")


def pages_of(council: Council, start: dt.date, shown: str | None, limit: int) -> list[dict[str, Any]]:
    """A period's items, page by page."""
    found: list[dict[str, Any]] = []
    with council.payments() as session:
        while page := items_views.list_period_items(
            session,
            FINANCE,
            start=start,
            shown=shown,
            after=uuid.UUID(found[-1]["item_id"]) if found else None,
            limit=limit,
            **WHOLE,
        ):
            found += page
    return found


def list_periods(council: Council, caller: Any = FINANCE) -> list[dict[str, Any]]:
    """The list of periods without their state."""
    with council.payments() as session:
        found = periods_views.list_periods_of_caller(session, caller)
    return [{name: value for name, value in period.items() if name != "state"} for period in found]


@pytest.mark.parametrize("shown", ["payable", "non_payable", None])
def test_items_page_by_page_are_those_of_the_whole_list(council: Council, shown: str | None) -> None:
    move(council, 2, "split", instalments=3)
    move(council, 3, "suspend")
    post(council, "5.00")
    for start in (PERIOD, NEXT):
        whole = pages_of(council, start, shown, 100)
        assert pages_of(council, start, shown, 1) == whole
        places = [(item["client"], item["cpli_id"] or 0) for item in whole]
        assert places == sorted(places)
    expected = {"payable": {None, 1, 2}, "non_payable": {2, 3}, None: {None, 1, 2, 3}}
    assert {item["cpli_id"] for item in pages_of(council, PERIOD, shown, 1)} == expected[shown]


def test_a_closed_period_keeps_the_sums_that_it_had_and_they_are_proved(council: Council) -> None:
    move(council, 2, "suspend")
    move(council, 3, "carry_forward")
    before, (before_of_provider, *_) = list_periods(council), list_periods(council, PROVIDER)
    with council.payments() as session:
        finalising_steps.finalise(session, PERIOD, None, who="Fay")
    closed = {**before[0], "open_contracts": [], "finalised_contracts": before[0]["open_contracts"]}
    assert before[0]["open_contracts"] == ["DAPL"]
    assert list_periods(council) == [closed, before[1]]
    move(council, 2, "release")
    later = list_periods(council)
    assert later[0] == closed
    assert [period["payable"] for period in later] == ["20.00", "100.00"]
    (of_provider, *_) = list_periods(council, PROVIDER)
    assert of_provider == {**before_of_provider, **{name: closed[name] for name in CONTRACTS}}
    assert differences(council) == []
    with council.payments() as session:
        session.execute(text("UPDATE closed_sums SET payable = payable + 1 WHERE payable <> 0"))
    assert [one["what"] for one in council.differences() if one["what"] == "closed"] == ["closed"]
