"""How concerns and breach notices are shown: words for all there is, trends, their picture, the PDF (RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from libs.common.casework.concerns import ABOUT, ENDINGS, NOTICE_STATES, REFERRALS, SOURCES, STATES
from libs.common.seams.disputes.concerns import ConcernGroup, NoticeVisit, Trend
from services.disputes.concerns.notices import PROVIDER_ANSWERED
from services.disputes.concerns.rules import MOVES, SEND_NOTICE
from services.portal.concerns import chart, trends, words
from services.portal.concerns.filters import month_given
from services.portal.concerns.notices.files import cells_of, name_of_pdf, notice_pdf
from tests.support.portal.pdf_text import pdf_text

OCTOBER, NOVEMBER = dt.date(2022, 10, 1), dt.date(2022, 11, 1)
A_VISIT: NoticeVisit = {
    "visit_ref": "V1",
    "planned_on": "01/10/2022",
    "planned_entry": "09:00",
    "planned_exit": "09:30",
    "delivered_on": "01/10/2022",
    "delivered_entry": "10:15",
    "delivered_exit": "10:30",
}
MISSED = A_VISIT | {"visit_ref": "V2", "delivered_on": "", "delivered_entry": "", "delivered_exit": ""}
A_NOTICE: Any = {
    "number": 12,
    "client_reference": "A123456",
    "words": "Visits were late.\n\nCome <on> time & say so.",
    "visits": [A_VISIT, MISSED],
    "due_on": "2022-10-17",
    "sent_at": "2022-10-03T09:00:00+00:00",
}


def test_everything_that_may_be_said_has_words() -> None:
    assert {*words.SOURCES} == {*SOURCES}
    assert {*words.REFERRALS} == {*REFERRALS}
    assert {*words.ENDINGS} == {*ENDINGS}
    assert {*words.ABOUT} == {*ABOUT}
    assert {*words.TAGS} == {*STATES, *NOTICE_STATES}
    assert {*words.NOTICES_STATES} == {*NOTICE_STATES}
    assert {*words.BUTTONS} == {*MOVES} - {SEND_NOTICE}
    assert {*words.DONE} == {"", *MOVES} - {SEND_NOTICE}
    assert {*words.MADE} == {*MOVES, PROVIDER_ANSWERED}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2022-10", OCTOBER),
        ("2022-10-31", OCTOBER),
        ("31/10/2022", OCTOBER),
        ("2022-13", None),
        ("", None),
        ("soon", None),
    ],
)
def test_a_month_is_read_as_browsers_and_people_write_it(text: str, month: dt.date | None) -> None:
    assert month_given(text) == month


@pytest.mark.parametrize(
    ("day", "count", "month"),
    [
        (dt.date(2022, 10, 31), 0, OCTOBER),
        (dt.date(2022, 10, 31), 9, dt.date(2022, 1, 1)),
        (dt.date(2022, 10, 31), 10, dt.date(2021, 12, 1)),
        (dt.date(2022, 12, 1), -1, dt.date(2023, 1, 1)),
    ],
)
def test_months_are_counted_back(day: dt.date, count: int, month: dt.date) -> None:
    assert trends.months_back(day, count) == month


def a_trend(month: dt.date, organisation: str, kind: str, concerns: int, notices: int = 0) -> Trend:
    return {
        "month": month.isoformat(),
        "organisation_id": organisation,
        "kind": kind,
        "concerns": concerns,
        "breach_notices": notices,
    }


def test_trends_by_month_kind_provider_and_group() -> None:
    rows = [
        a_trend(OCTOBER, "1", "Late", 2, 1),
        a_trend(OCTOBER, "1", "Short", 1),
        a_trend(NOVEMBER, "2", "Short", 4),
    ]
    months = trends.months_between(OCTOBER, dt.date(2022, 11, 30))
    assert months == [OCTOBER, NOVEMBER]
    assert trends.by_month(rows, months) == [chart.Month(OCTOBER, 3, 1), chart.Month(NOVEMBER, 4, 0)]
    assert trends.by_kind(rows, months) == [
        ("Short", "Short", [1, 4], 5, 0),
        ("Late", "Late", [2, 0], 2, 1),
    ]
    assert trends.by_provider(rows, months, {"1": "Diamond", "2": "Pearl"}) == [
        ("Pearl", "2", [0, 4], 4, 0),
        ("Diamond", "1", [3, 0], 3, 1),
    ]
    group: ConcernGroup = {
        "group_id": "g",
        "name": "North",
        "organisation_ids": ["1", "2"],
        "changed_by": "me",
        "changed_at": "",
    }
    alone: ConcernGroup = {**group, "group_id": "h", "name": "South", "organisation_ids": ["3"]}
    assert trends.by_group(rows, months, [group, alone]) == [("North", "g", [3, 4], 7, 1)]


def test_the_picture_has_a_pair_of_bars_a_month_and_the_sums_in_words() -> None:
    found = chart.chart_of([chart.Month(OCTOBER, 7, 2), chart.Month(NOVEMBER, 0, 0)])
    assert found is not None
    assert [group.label for group in found.groups] == ["Oct 22", "Nov 22"]
    (concerns, notices), none = found.groups[0].bars, found.groups[1].bars
    assert concerns.height > notices.height > 0
    assert [bar.height for bar in none] == [0, 0]
    assert (
        found.in_words
        == "In 2 months there were 7 concerns and 2 breach notices. The table has each month’s numbers."
    )
    assert chart.in_words([chart.Month(OCTOBER, 1200, 0)]).startswith("In 1 month there were 1,200 concerns")


def test_a_visit_of_a_notice_in_words() -> None:
    assert cells_of(A_VISIT) == ("V1", "1 Oct 2022", "09:00 to 09:30", "1 Oct 2022", "10:15 to 10:30")
    assert cells_of(MISSED)[3:] == ("Not delivered", "")  # type: ignore[arg-type]


def test_a_breach_notice_as_pdf_says_to_whom_about_what_and_until_when() -> None:
    given = {
        "provider": "Diamond Home Care Ltd",
        "client": "Ada Bell",
        "letterhead": ["Testshire", "1 High St"],
    }
    content = notice_pdf(A_NOTICE, **given)
    text = pdf_text(content)
    for said in (
        "Testshire",
        "Breach notice 12",
        "Diamond Home Care Ltd",
        "3 Oct 2022",
        "A123456 Ada Bell",
        "the end of 17 Oct 2022",
        "Visits were late.",
        "V1",
        "09:00 to 09:30",
        "10:15 to 10:30",
        "Not delivered",
    ):
        assert said in text.replace("\n", " "), said
    assert "Come <on> time & say so." in text.replace("\n", "")  # what looks like markup is text too
    assert notice_pdf(A_NOTICE, **given) == content  # the same notice is the same file
    assert "Visits that it is about" not in pdf_text(notice_pdf(A_NOTICE | {"visits": []}, **given))
    assert name_of_pdf(A_NOTICE, "Diamond Home Care Ltd") == (
        "breach-notice-12_Diamond-Home-Care-Ltd_as-at-2022-10-03.pdf"
    )
