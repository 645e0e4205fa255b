"""The rules of contract documents (RULES 11), and how the portal writes one ([003])."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.terms import FROM_START, Term, term_on
from services.matching.documents.rules import (
    AGREED,
    PUBLISHED,
    REJECTED,
    STATUSES,
    amounts,
    due_on,
    reason_to_publish,
    status_after,
)
from services.portal.documents.views import document_pdf, service_lines
from services.portal.documents.words import note_in_words
from tests.support.portal.pdf_text import pdf_text

START, END, LATER = dt.date(2022, 10, 3), dt.date(2022, 10, 30), dt.date(2022, 11, 6)
BART = {"title": "Mr", "forename": "Bart", "surname": "Simpson"}


def facts(
    end_on: dt.date | None = None, organisation: str = "diamond", quantity: str = "5"
) -> dict[str, Any]:
    return {"organisation_id": organisation, "end_on": end_on, "quantity": quantity}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (None, facts(), "set_up"),
        (None, facts(END), "set_up"),
        (facts(), facts(), None),
        (facts(END), facts(END), None),
        (facts(), facts(quantity="7"), None),
        (facts(), facts(END), "ended"),
        (facts(END), facts(LATER), "ended"),
        (facts(END), facts(), "reopened"),
        (facts(), facts(organisation="pearl"), "set_up"),
        (facts(END), facts(END, organisation="pearl"), "set_up"),
    ],
)
def test_a_document_is_published_when_care_is_set_up_or_its_end_changes(
    before: dict[str, Any] | None, after: dict[str, Any], reason: str | None
) -> None:
    assert reason_to_publish(before, after) == reason


def test_a_document_is_answered_once() -> None:
    answers = ("agree", "reject", "agree_manually", "agree_automatically")
    allowed = {
        (PUBLISHED, "agree"): AGREED,
        (PUBLISHED, "reject"): REJECTED,
        (PUBLISHED, "agree_manually"): AGREED,
        (PUBLISHED, "agree_automatically"): AGREED,
    }
    for status, move in product(STATUSES, (*answers, "publish")):
        assert status_after(status, move) == allowed.get((status, move)), (status, move)


@pytest.mark.parametrize(
    ("published_at", "due"),
    [
        (dt.datetime(2022, 11, 7, 9, 0, tzinfo=dt.UTC), dt.date(2022, 11, 14)),
        (dt.datetime(2022, 7, 4, 22, 59, 59, tzinfo=dt.UTC), dt.date(2022, 7, 11)),
        (dt.datetime(2022, 7, 4, 23, 0, tzinfo=dt.UTC), dt.date(2022, 7, 12)),  # the 5th, in London
        (dt.datetime(2022, 10, 29, 23, 30, tzinfo=dt.UTC), dt.date(2022, 11, 6)),  # the night of the change
    ],
)
def test_seven_days_are_counted_in_london(published_at: dt.datetime, due: dt.date) -> None:
    assert due_on(published_at) == due


def says(terms: list[tuple[dt.date, str, str]], end_on: dt.date | None = None) -> dict[str, Any]:
    return {
        "start_on": START.isoformat(),
        "end_on": end_on.isoformat() if end_on else None,
        "terms": [
            {"from": None if day == FROM_START else day.isoformat(), "quantity": quantity, "unit_cost": cost}
            for day, quantity, cost in terms
        ],
    }


def test_each_term_is_said_with_the_days_on_which_it_holds() -> None:
    terms = [
        (FROM_START, "9", "20"),
        (dt.date(2022, 9, 1), "5", "23.77"),
        (dt.date(2022, 10, 17), "5", "24.5"),
        (dt.date(2022, 12, 1), "6", "24.5"),
    ]
    found = [(one["from_on"], one["to_on"], one["cost"]) for one in amounts(says(terms, END))]
    assert found == [("2022-10-03", "2022-10-16", "118.85"), ("2022-10-17", "2022-10-30", "122.50")]
    assert amounts(says([(FROM_START, "1", "11.885")]))[0]["cost"] == "11.89"


@given(
    days=st.sets(st.dates(dt.date(2022, 8, 1), dt.date(2023, 3, 1)), max_size=5),
    length=st.none() | st.integers(0, 200),
)
def test_amounts_cover_the_care_without_gap_and_say_what_is_in_force(
    days: set[dt.date], length: int | None
) -> None:
    end_on = None if length is None else START + dt.timedelta(days=length)
    begins = [FROM_START, *sorted(days)]
    found = amounts(says([(day, str(n + 1), "10") for n, day in enumerate(begins)], end_on))
    terms = [Term(day, Decimal(n + 1), Decimal(10), None, "Council") for n, day in enumerate(begins)]
    assert found[0]["from_on"] == START.isoformat()
    assert found[-1]["to_on"] == (end_on.isoformat() if end_on else None)
    for one, following in pairwise(found):
        last = dt.date.fromisoformat(one["to_on"])
        assert last + dt.timedelta(days=1) == dt.date.fromisoformat(following["from_on"])
    for one in found:
        in_force = term_on(terms, dt.date.fromisoformat(one["from_on"]))
        assert Decimal(one["quantity"]) == in_force.quantity


def a_document(**facts: Any) -> dict[str, Any]:
    """[003]'s own."""
    found = {
        "cpli_id": 156017,
        "number": 4,
        "kind": "set_up",
        "due_on": "2022-11-14",
        "client": {"ssref": "A283177", "client_ref": None, "nhs_number": None},
        "client_name": "Mr Bart Simpson",
        "date_of_birth": "2005-04-05",
        "organisation": "Diamond Home Care Ltd",
        "service": "Diamond Home Care - Zone 7 - Farringdon",
        "address": "Blue Lane, Farringdon, Oxfordshire, SN7 6TT",
        "service_level": "Home Support",
        "start_on": "2022-10-03",
        "end_on": None,
        "unit": "Hr",
        "frequency": "Weekly",
        "amounts": amounts(says([(FROM_START, "5", "23.77")])),
    }
    return found | facts


def test_the_pdf_says_what_the_guide_s_document_says_and_is_the_same_each_time() -> None:
    pdf = document_pdf(a_document(), "Oxfordshire County Council")
    assert pdf == document_pdf(a_document(), "Oxfordshire County Council")
    text = " ".join(pdf_text(pdf).split())
    for words in (
        "Home Support - Service Provision",
        "agreed between Oxfordshire County Council and Diamond Home Care - Zone 7 - Farringdon for A283177.",
        "Name: Mr Bart Simpson",
        "Date of Birth: 5 Apr 2005",
        "Social Care Reference No: A283177",
        "Name of Service Provider: Diamond Home Care Ltd - Diamond Home Care - Zone 7 - Farringdon",
        "Address: Blue Lane, Farringdon, Oxfordshire, SN7 6TT",
        "Start date: 03/10/2022 End date (if applicable):",
        "Quantity: 5 Hrs every week",
        "Cost per Unit: £23.77/Hr from 03/10/2022 onwards",
        "Weekly Cost: £118.85",
    ):
        assert words in text
    assert b"/Lang (en-GB)" in pdf
    assert b"Home Support - Service Provision for A283177" in pdf  # its title


def test_a_single_payment_and_several_terms_are_said_in_their_own_words() -> None:
    once = dict(
        service_lines(
            a_document(
                unit="Payment", frequency="One-off", amounts=amounts(says([(FROM_START, "1", "15")], START))
            )
        )
    )
    assert once["Quantity"] == ["1 Payment"]
    assert once["Cost per Unit"] == ["£15.00/Payment from 03/10/2022 to 03/10/2022"]
    assert once["Cost"] == ["£15.00"]
    raised = amounts(says([(FROM_START, "5", "23.226"), (dt.date(2022, 11, 7), "1", "24")]))
    several = dict(service_lines(a_document(amounts=raised)))
    assert several["Quantity"] == [
        "5 Hrs every week from 03/10/2022 to 06/11/2022",
        "1 Hr every week from 07/11/2022 onwards",
    ]
    assert several["Cost per Unit"][0] == "£23.226/Hr from 03/10/2022 to 06/11/2022"
    assert several["Weekly Cost"] == [
        "£116.13 from 03/10/2022 to 06/11/2022",
        "£24.00 from 07/11/2022 onwards",
    ]


def test_a_script_in_a_name_is_text_in_the_pdf() -> None:
    text = pdf_text(document_pdf(a_document(client_name="Łucja <b>O'Neill & Co"), "the council"))
    assert "Łucja <" in text  # and its `b>` is set as a piece of its own
    assert "O'Neill & Co" in text


@pytest.mark.parametrize(
    ("move", "who", "reason", "words", "to_the_provider"),
    [
        (
            "publish",
            "ann",
            "",
            "Published by ann@council on 07/11/2022",
            "Published by the council on 07/11/2022",
        ),
        ("agree", "jo", "", "Agreed by jo@diamond on 07/11/2022", None),
        ("reject", "jo", "Wrong date", "Rejected by jo@diamond on 07/11/2022. Reason: Wrong date", None),
        (
            "agree_manually",
            "ann",
            "",
            "Agreed Manually by ann@council on 07/11/2022",
            "Agreed Manually by the council on 07/11/2022",
        ),
        (
            "agree_automatically",
            "system",
            "",
            "Agreed automatically on 07/11/2022: there was no answer within seven days",
            None,
        ),
    ],
)
def test_notes_say_who_what_and_when(
    move: str, who: str, reason: str, words: str, to_the_provider: str | None
) -> None:
    note = {"move": move, "who": who, "at": "2022-11-07T00:30:00+00:00", "reason": reason}
    people = {"ann": "ann@council", "jo": "jo@diamond"}
    assert note_in_words(note, people, is_council=True) == words
    assert note_in_words(note, people, is_council=False) == (to_the_provider or words)
