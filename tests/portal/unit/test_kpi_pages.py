"""A provider's page of KPIs as the portal shows it: spans, words, CSV, PDF, pages (RULES 16). No service is asked."""

from __future__ import annotations

import csv
import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template
from hypothesis import given
from hypothesis import strategies as st

from services.portal.app import create_app
from services.portal.money.periods.forms import ConfirmForm
from services.portal.monitoring.kpi import words
from services.portal.monitoring.kpi.api import kpis_document
from services.portal.monitoring.kpi.api_schemas import UNITS
from services.portal.monitoring.kpi.api_schemas import Kpis as KpisSchema
from services.portal.monitoring.kpi.figures import Asked, Figure, Kpis, Opens, Section, shown
from services.portal.monitoring.kpi.files import kpis_csv, kpis_pdf, name_of_file
from services.portal.monitoring.kpi.forms import MeetingForm, SpanForm
from services.portal.monitoring.kpi.rules import share_text, span_named, span_of, spans_before
from services.portal.monitoring.kpi.sections import cases, concerns, files, find_kpis, measures, offers
from services.portal.monitoring.words import MEASURES
from tests.support.portal.accounts import NoGateway, nowhere, sharing_templates
from tests.support.portal.pdf_text import pdf_text

DIAMOND = "Diamond Home Care Ltd"
AUTUMN = span_of(dt.date(2022, 10, 3), 3, 1)


@pytest.mark.parametrize(
    ("day", "months", "first_month", "first", "last", "said"),
    [
        ("2022-10-01", 3, 1, "2022-10-01", "2022-12-31", "October to December 2022"),
        ("2022-12-31", 3, 1, "2022-10-01", "2022-12-31", "October to December 2022"),
        ("2023-01-01", 3, 1, "2023-01-01", "2023-03-31", "January to March 2023"),
        ("2022-10-03", 3, 4, "2022-10-01", "2022-12-31", "October to December 2022"),
        ("2023-01-15", 3, 12, "2022-12-01", "2023-02-28", "December 2022 to February 2023"),
        ("2022-11-30", 3, 12, "2022-09-01", "2022-11-30", "September to November 2022"),
        ("2024-02-29", 1, 7, "2024-02-01", "2024-02-29", "February 2024"),
        ("2023-03-31", 12, 4, "2022-04-01", "2023-03-31", "April 2022 to March 2023"),
        ("2022-10-03", 6, 4, "2022-10-01", "2023-03-31", "October 2022 to March 2023"),
    ],
)
def test_a_day_is_of_one_span(
    day: str, months: int, first_month: int, first: str, last: str, said: str
) -> None:
    found = span_of(dt.date.fromisoformat(day), months, first_month)
    assert (found.first.isoformat(), found.last.isoformat(), found.words) == (first, last, said)
    short = " ".join(word if word == "to" or word.isdigit() else word[:3] for word in said.split())
    assert found.short_words == short


@given(
    st.dates(dt.date(2002, 2, 1), dt.date(2097, 1, 1)), st.sampled_from(list(words.SPANS)), st.integers(1, 12)
)
def test_spans_follow_one_another_without_a_gap(day: dt.date, months: int, first_month: int) -> None:
    found = span_of(day, months, first_month)
    assert found.first <= day <= found.last
    assert found.moved(1).first - found.last == dt.timedelta(days=1)
    assert found.first - found.moved(-1).last == dt.timedelta(days=1)
    assert span_named(found.name, months, first_month) == found
    assert span_of(found.last, months, found.first.month) == found


@pytest.mark.parametrize(
    ("name", "months", "first_month", "first"),
    [
        ("2022-10", 3, 1, "2022-10-01"),
        ("2022-11", 3, 1, "2022-10-01"),
        ("2022-Q4", 3, 1, "2022-10-01"),
        ("2022-Q1", 3, 4, "2022-01-01"),
        ("2022-Q4", 3, 12, None),  # no span is this quarter
        ("2022-Q4", 1, 1, None),
        ("2022-Q5", 3, 1, None),
        ("2022-13", 3, 1, None),
        ("2022-00", 3, 1, None),
        ("1999-10", 3, 1, None),
        ("2000-01", 3, 1, None),  # nobody asks about the span before
        ("2000-04", 3, 1, "2000-04-01"),
        ("2099-12", 3, 12, None),
        ("2022-10-03", 3, 1, None),
        ("x", 3, 1, None),
        ("", 3, 1, None),
    ],
)
def test_a_span_is_named_by_a_month_or_a_quarter(
    name: str, months: int, first_month: int, first: str | None
) -> None:
    found = span_named(name, months, first_month)
    assert (found and found.first.isoformat()) == first


def test_spans_go_back_as_far_as_days_can_be_asked_about() -> None:
    assert [one.name for one in spans_before(AUTUMN, 3)] == ["2022-10", "2022-07", "2022-04"]
    assert [one.name for one in spans_before(span_of(dt.date(2000, 8, 1), 3, 1), 9)] == ["2000-07", "2000-04"]


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 0, None), (0, 3, "0.0"), (1, 3, "33.3"), (1, 16, "6.3"), (1, 2000, "0.1"), (3, 3, "100.0")],
)
def test_a_share_has_one_decimal_half_up(part: int, whole: int, share: str | None) -> None:
    assert share_text(part, whole) == share


@pytest.mark.parametrize(
    ("unit", "text", "said"),
    [
        ("count", "1204", "1,204"),
        ("per cent", "98.5", "98.5 %"),
        ("hours", "1203.05", "1,203.05 hours"),
        ("mean", "2.50", "2.50"),
        ("days", "3.5", "3.5 days"),
        ("days", None, "–"),
    ],
)
def test_figures_are_shown_by_their_unit(unit: str, text: str | None, said: str) -> None:
    assert shown(unit, text) == said


class Answers:
    """What services would answer: of October to December 2022, and other numbers for the span before."""

    def __init__(self, providers: int = 3, concerns: int | None = 4, breach_notices: int | None = 2) -> None:
        self.providers, self.concerns, self.breach_notices = providers, concerns, breach_notices

    def measures(self, *, first: str, last: str, organisation: str | None) -> Any:
        late = 7 if first == "2022-10-01" else 9
        assert last == ("2022-12-31" if late == 7 else "2022-09-30")
        assert organisation == DIAMOND
        return {DIAMOND: {one.key: late if one.unit == "count" else None for one in MEASURES}}

    def area_measures(self, *, first: str, last: str) -> Any:
        assert (first, last) == ("2022-10-01", "2022-12-31")
        found = {one.key: 30 for one in MEASURES} if self.providers >= 3 else None
        return {"providers": self.providers, "measures": found, "stale_weeks": 0}

    def dispute_figures(self, *, organisation_id: str, first: dt.date, last: dt.date) -> Any:
        raised = 3 if first == AUTUMN.first else 1
        one = {"raised": raised, "answered": 1, "median_days": "2.5", "open": 1}
        return {"dispute": one, "action": one, "enquiry": one}

    def concern_figures(self, *, organisation: str, first: dt.date, last: dt.date) -> Any:
        return {"concerns": self.concerns, "breach_notices": self.breach_notices}

    def measure_thresholds(self) -> Any:
        return [{"name": "late_minutes", "value": 20}]

    def offer_figures(self, *, organisation_id: str, first: dt.date, last: dt.date) -> Any:
        return {"offers": 5, "accepted": 2, "declined": 1, "lapsed": 2, "median_hours": "3.50"}

    def file_figures(self, *, organisation: str, first: dt.date, last: dt.date, submission_days: int) -> Any:
        assert submission_days == 3
        return {"files": 2, "rows": 16, "rejected": 1, "late": [{}] if first == AUTUMN.first else []}

    def meetings(self, **_: Any) -> Any:
        return [a_meeting()]


class AtOnce:
    """A gateway that asks one question after the other."""

    def all_at_once(self, questions: Any) -> list[Any]:
        return [question() for question in questions]

    def both(self, first: Any, second: Any) -> tuple[Any, Any]:
        return first(), second()


def asked(**facts: Any) -> Asked:
    answers: Any = Answers(**facts)
    return Asked(DIAMOND, "an id", AUTUMN, 3, answers, answers, answers)


def values(section: Section) -> dict[str, tuple[str | None, str | None]]:
    return {one.key: (one.value, one.before) for one in section.figures}


def test_each_section_has_its_figures_beside_those_of_the_span_before() -> None:
    assert list(values(measures(asked()))) == [one.key for one in MEASURES]
    assert values(measures(asked()))["late"] == ("7", "9")
    assert values(measures(asked()))["continuity"] == (None, None)
    assert {one.area for one in measures(asked()).figures} == {"30"}
    (late,) = (one for one in measures(asked()).figures if one.key == "late")
    assert "20 minutes" in late.definition  # as the thresholds are
    assert late.opens == Opens(
        "measured_visits.visits", {"measure": "late", "from": "2022-10-01", "to": "2022-12-31"}
    )
    of_cases = values(cases(asked()))
    assert (of_cases["dispute_raised"], of_cases["dispute_median_days"]) == (("3", "1"), ("2.5", "2.5"))
    assert len(of_cases) == 9
    assert values(files(asked())) == {
        "files_files": ("2", "2"),
        "files_rows": ("16", "16"),
        "files_rejected": ("1", "1"),
        "files_rejected_share": ("6.3", "6.3"),
        "files_late": ("1", "0"),
    }


def test_an_area_of_fewer_than_three_providers_has_no_figures() -> None:
    found = measures(asked(providers=2))
    assert (found.has_area, {one.area for one in found.figures}) == (False, {None})
    assert "at least three" in found.words
    assert "all 3 providers" in measures(asked()).words


@pytest.mark.parametrize(
    ("told", "figures"),
    [
        ({}, {"concerns": ("4", "4"), "breach_notices": ("2", "2")}),
        ({"concerns": None}, {"breach_notices": ("2", "2")}),
        ({"concerns": 0, "breach_notices": 0}, {"concerns": ("0", "0"), "breach_notices": ("0", "0")}),
    ],
)
def test_concerns_are_for_whom_disputes_tells_of_them(told: Any, figures: Any) -> None:
    section = concerns(asked(**told))
    assert section is not None
    assert values(section) == figures
    months = {"first": "2022-10", "last": "2022-12"}
    assert all(one.opens and months.items() <= one.opens.query.items() for one in section.figures)


def test_offers_open_those_of_the_span() -> None:
    section = offers(asked())
    assert values(section)["offers_median_hours"] == ("3.50", "3.50")
    assert len(values(section)) == 5
    assert {one.opens and one.opens.endpoint for one in section.figures} == {"kpis.offers"}


def test_who_is_told_of_neither_has_no_such_section() -> None:
    gateway: Any = AtOnce()
    asker = asked(concerns=None, breach_notices=None)
    assert concerns(asker) is None
    keys = [section.key for section in find_kpis(gateway, asker, DIAMOND).sections]
    assert keys == ["measures", "disputes", "offers", "files"]


def test_a_page_has_all_sections_in_order_and_every_figure_its_definition() -> None:
    gateway: Any = AtOnce()
    found = find_kpis(gateway, asked(), DIAMOND)
    assert [section.key for section in found.sections] == [
        "measures",
        "disputes",
        "concerns",
        "offers",
        "files",
    ]
    of_all = [one for section in found.sections for one in section.figures]
    assert len({one.key for one in of_all}) == len(of_all)
    assert all(one.definition.endswith(".") and one.unit in UNITS for one in of_all)
    document = KpisSchema().dump(kpis_document(found))
    assert document["before"] == {"first": "2022-07-01", "last": "2022-09-30"}
    assert set(document["sections"][0]["figures"][0]) == {
        "key",
        "name",
        "unit",
        "definition",
        "value",
        "before",
        "area",
    }


def a_meeting(**facts: Any) -> Any:
    return {
        "meeting_id": "5b7c0000-0000-4000-8000-000000000001",
        "organisation_id": "5b7c0000-0000-4000-8000-000000000002",
        "held_on": "2022-10-03",
        "people": "Ann and Bob",
        "notes": "Visits were late.\nBob explained.",
        "agreed": "A rota by Friday",
        "kept_by": "x",
        "kept_at": "2022-10-04T10:00:00+00:00",
        "shared_by": None,
        "shared_at": None,
    } | facts


def some_kpis(*, has_area: bool = True, meetings: tuple[Any, ...] = ()) -> Kpis:
    late = Figure("late", "Late", "count", "Begun late.", "1204", "9", "3000", Opens("kpis.files"))
    share = Figure("share", "Logged", "per cent", "Logged by the carer.", "98.5", None, None)
    section = Section("measures", "Measures", [late, share], "Of the area.", has_area=has_area)
    return Kpis(DIAMOND, AUTUMN, [section], list(meetings))


def test_a_csv_has_a_row_a_figure() -> None:
    rows = list(csv.DictReader(io.StringIO(kpis_csv(some_kpis()))))
    assert [(row["Figure"], row["Value"], row["Before"], row["Area"]) for row in rows] == [
        ("Late", "1204", "9", "3000"),
        ("Logged", "98.5", "", ""),
    ]
    assert (rows[0]["First"], rows[0]["Last"], rows[0]["Definition"]) == (
        "2022-10-01",
        "2022-12-31",
        "Begun late.",
    )
    assert name_of_file(some_kpis(), "csv", dt.date(2023, 1, 5)) == (
        "kpis_Diamond-Home-Care-Ltd_2022-10-01-to-2022-12-31_as-at-2023-01-05.csv"
    )


@pytest.mark.parametrize("has_area", [True, False])
def test_a_pdf_says_whose_it_is_its_figures_meetings_and_what_they_mean(has_area: bool) -> None:
    found = some_kpis(has_area=has_area, meetings=(a_meeting(),))
    said = pdf_text(kpis_pdf(found, letterhead=("The council",)))
    for text in (
        "The council",
        DIAMOND,
        "1,204",
        "98.5 %",
        "Ann and Bob",
        "Bob explained.",
        "A rota by Friday",
        "Begun late.",
    ):
        assert text in said, text
    assert ("3,000" in said) == has_area
    assert "No notes of meetings" in pdf_text(kpis_pdf(some_kpis(), letterhead=()))


@pytest.fixture
def page() -> Any:
    """Renders a page of KPIs for a stranger, with a form of each class that is given."""
    gateway: Any = NoGateway()
    app: Flask = sharing_templates(create_app(gateway, nowhere()))

    def render(template: str, forms: dict[str, Any] | None = None, **context: Any) -> str:
        with app.test_request_context("/kpis"):
            g.account = None
            made = {field: make() for field, make in (forms or {}).items()}
            about = {"account": SimpleNamespace(role="finance"), "people": {}, "words": words}
            return " ".join(render_template(f"kpi/{template}.html", **about | made | context).split())

    return render


@pytest.mark.parametrize("may_keep", [True, False])
def test_a_page_shows_figures_with_what_opens_them_and_meetings(page: Any, may_keep: bool) -> None:
    found = some_kpis(meetings=(a_meeting(), a_meeting(shared_at="2022-10-05T10:00:00+00:00")))
    shown_page = page(
        "kpis",
        forms={"press": lambda: ConfirmForm(formdata=None)},
        kpis=found,
        chosen={"organisation": DIAMOND, "span": "2022-10"},
        spans=list(spans_before(AUTUMN, 4)),
        organisations=[DIAMOND] if may_keep else [],
        shown=shown,
        address_of=lambda opens: "/kpis/files" if opens else None,
        may_keep=may_keep,
    )
    for text in ("1,204", "98.5 %", "3,000", "Begun late.", 'href="/kpis/files"', "A rota by Friday"):
        assert text in shown_page, text
    assert shown_page.count("Share with the provider") == (1 if may_keep else 0)
    assert ("Keep notes of a meeting" in shown_page) == may_keep


def test_lists_say_what_made_a_figure_or_that_nothing_did(page: Any) -> None:
    about = {"name": DIAMOND, "span": AUTUMN, "back": "/kpis"}
    case = {"number": 7, "subject": "Missing Comment", "state": "Resolved", "address": "/disputes/1"}
    case |= {"raised_at": "2022-10-03T10:00:00+00:00", "answered_at": None, "days": None}
    of_cases = {"heading": "Disputes raised", "definitions": list(words.CASES["dispute"].values())}
    assert "No answer" in page("cases", cases=[case], **about, **of_cases)
    assert "There are none in October to December 2022." in page("cases", cases=[], **about, **of_cases)
    late = {"monday": "2022-10-03", "due_on": "2022-10-12", "came_at": "2022-10-13T10:00:00+00:00"}
    late |= {"file_id": None, "file_name": None}
    file = {"file_id": a_meeting()["meeting_id"], "file_name": "week.csv", "rows": 1200, "rejected": 3}
    file |= {"confirmed_at": "2022-10-13T10:00:00+00:00"}
    of_files = {"definitions": list(words.FILES.values())}
    full = page("files", late=[late], files=[file], **about, **of_files)
    assert "Entered by hand" in full
    assert "1,200" in full
    empty = page("files", late=[], files=[], **about, **of_files)
    assert "No week of October to December 2022 came late." in empty
    assert "No file updated the system" in empty


def test_every_form_is_shown_and_the_providers_are_listed(page: Any) -> None:
    assert "<form" in page("meeting", forms={"form": lambda: MeetingForm().among([DIAMOND])}, problem=None)
    history = [{"months": 3, "first_month": 4, "set_by": "x", "set_at": "2022-10-04T10:00:00+00:00"}]
    shown_page = page("settings", forms={"form": SpanForm}, history=history, problem=None)
    assert "April" in shown_page
    assert DIAMOND in page("providers", span=AUTUMN, organisations=[DIAMOND], may_set=True)
    assert "There are no providers" in page("providers", span=AUTUMN, organisations=[], may_set=False)
