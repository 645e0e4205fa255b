"""How a row of the commissioned care file is read, and every reason for which it is rejected (RULES 2)."""

from datetime import date
from decimal import Decimal

import pytest

from libs.common.care.terms import FROM_START
from services.matching.book.rules import OPEN_END
from services.matching.book.words import timetable_text
from tests.support.builders.care import ANOTHER_GUID, a_care_row, care_errors, slot


def test_a_row_is_read_with_its_client_and_its_term() -> None:
    row = a_care_row(7, NHSNumber="943 476 5919", ClientRef=ANOTHER_GUID.lower(), EndDate="31-Dec-2022")
    assert (row.row, row.cpli_id) == (7, 156017)
    assert (row.start_on, row.end_on) == (date(2022, 7, 4), date(2022, 12, 31))
    assert (row.unit, row.frequency, row.payment_method, row.authorised) == ("Hr", "Weekly", "Visits", True)
    assert row.timetable == (slot("Mon 09:00-09:30"), slot("Mon 20:00-20:30"))
    assert (row.client["ssref"], row.client["client_ref"]) == ("A123456", ANOTHER_GUID)
    assert (row.client["nhs_number"], row.client["date_of_birth"]) == ("9434765919", date(1938, 3, 2))
    assert (row.term.quantity, row.term.unit_cost) == (Decimal(7), Decimal("23.226"))
    assert (row.term.assessed_contribution, row.term.collected_by) == (Decimal("56.20"), "Council")


REJECTED = [
    ("CpliId", "", "number_unreadable"),
    ("CpliId", "CP-1", "number_unreadable"),
    ("CpliId", "12.5", "number_unreadable"),
    ("CpliId", "-5", "number_unreadable"),
    ("CpliId", "²", "number_unreadable"),
    ("CpliId", "١٢", "number_unreadable"),
    ("CpliId", "9" * 19, "number_unreadable"),
    ("StartDate", "", "missing"),
    ("StartDate", "31/02/2022", "date_unreadable"),
    ("StartDate", "07/13/2022", "date_unreadable"),
    ("StartDate", "soon", "date_unreadable"),
    ("EndDate", "2022/12/31", "date_unreadable"),
    ("EndDate", "03/07/2022", "end_before_start"),
    ("EffectiveFrom", "31/09/2022", "date_unreadable"),
    ("DateOfBirth", "30/02/1938", "date_unreadable"),
    ("Quantity", "", "missing"),
    ("Quantity", "seven", "number_unreadable"),
    ("Quantity", "7,5", "number_unreadable"),
    ("Quantity", "-7", "number_unreadable"),
    ("Quantity", "NaN", "number_unreadable"),
    ("Quantity", "Infinity", "number_unreadable"),
    ("Quantity", "1e400000", "number_unreadable"),
    ("Quantity", "9" * 40, "number_unreadable"),
    ("Quantity", "1_000", "number_unreadable"),
    ("Quantity", "٧", "number_unreadable"),
    ("UnitCost", "", "missing"),
    ("UnitCost", "£23.226", "number_unreadable"),
    ("UnitCost", "23.2.26", "number_unreadable"),
    ("UnitCost", "0." + "1" * 40, "number_unreadable"),
    ("AssessedContribution", "none", "number_unreadable"),
    ("AssessedContribution", "-0.01", "number_unreadable"),
    ("Unit", "", "unit_unknown"),
    ("Unit", "Day", "unit_unknown"),
    ("Frequency", "", "frequency_unknown"),
    ("OneDiary", "perhaps", "boolean_unreadable"),
    ("Frequency", "Monthly", "frequency_unknown"),
    ("PaymentMethod", "", "paymentmethod_unknown"),
    ("PaymentMethod", "Cash", "paymentmethod_unknown"),
    ("ContributionCollectedBy", "Nobody", "contributioncollectedby_unknown"),
    ("Authorised", "perhaps", "boolean_unreadable"),
    ("ClientRef", "5F54B181", "guid_malformed"),
    ("OrganisationRef", "{" + ANOTHER_GUID + "}", "guid_malformed"),
    ("ServiceRef", "none", "guid_malformed"),
    ("ServiceLevelRef", "G" + ANOTHER_GUID[1:], "guid_malformed"),
    ("SSRef", "", "client_missing"),
    ("OrganisationName", "", "missing"),
    ("ServiceName", "", "missing"),
    ("ServiceLevel", "", "missing"),
    ("Contract", "", "missing"),
    ("Timetable", "Mon 09:00", "timetable_unreadable"),
    ("Timetable", "Mon 09:00-24:00", "timetable_unreadable"),
    ("Timetable", "Mon 09:00-09:00", "timetable_unreadable"),
    ("Timetable", "Moon 09:00-09:30", "timetable_unreadable"),
    ("Timetable", "Mon 09:00-09:30, Tue 09:00-09:30", "timetable_unreadable"),
    ("Timetable", "Mon 09:00-09:30; Xyz 09:00-09:30", "timetable_unreadable"),
    ("Suspensions", "in hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022", "date_unreadable"),
    ("Suspensions", "31/02/2022-03/03/2022 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-31/02/2023 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-09/13/2022 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-31 Sep 2022 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-2022-10-32", "date_unreadable"),
    ("Suspensions", "03/10/2022 - 31/02/2023 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-soon", "date_unreadable"),
    ("Suspensions", "10/10/2022-03/10/2022 hospital", "date_unreadable"),
    ("Suspensions", "03/10/2022-09/10/2022 hospital; later", "date_unreadable"),
]


@pytest.mark.parametrize(("column", "value", "code"), REJECTED)
def test_a_row_is_rejected_with_its_row_column_and_reason(column: str, value: str, code: str) -> None:
    errors = care_errors(12, **{column: value})
    assert [(error.row, error.column, error.code) for error in errors] == [(12, column, code)]


@pytest.mark.parametrize(("column", "value", "code"), REJECTED)
def test_a_reason_is_a_sentence_that_names_what_was_written(column: str, value: str, code: str) -> None:
    (error,) = care_errors(**{column: value})
    assert error.message.endswith(".")
    assert column in error.message
    if code in ("number_unreadable", "date_unreadable") and ";" not in value:
        assert value in error.message


def test_every_reason_is_given_at_once() -> None:
    errors = care_errors(
        SSRef="", StartDate="x", Quantity="y", Unit="z", Timetable="?", PaymentMethod="Cash", UnitCost=""
    )
    assert {error.column for error in errors} == {
        *("SSRef", "StartDate", "Quantity", "Unit", "Timetable", "PaymentMethod", "UnitCost")
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("EndDate", "04/07/2022"),  # the start itself: one day of care
        ("DateOfBirth", ""),
        ("Timetable", ""),
        ("ServiceRef", ""),
        ("OrganisationRef", ""),
        ("ServiceLevelRef", ""),
        ("Pricing", ""),
        ("Quantity", "0"),
        ("UnitCost", "0.00"),
        ("UnitCost", "23.2261234"),
        ("EffectiveFrom", "2023-01-01"),
        ("Contract", "A new contract"),
        ("ServiceLevel", "Hospital Incentive Payment"),
    ],
)
def test_these_are_no_reason_to_reject_a_row(column: str, value: str) -> None:
    assert care_errors(**{column: value}) == []


@pytest.mark.parametrize("known_by", ["SSRef", "ClientRef", "NHSNumber"])
def test_one_identifier_is_enough_to_know_a_client_by(known_by: str) -> None:
    values = {"SSRef": "A1", "ClientRef": ANOTHER_GUID, "NHSNumber": "9434765919"}
    cells = {name: value if name == known_by else "" for name, value in values.items()}
    assert [value for value in a_care_row(**cells).client.values() if value in values.values()] == [
        values[known_by]
    ]


@pytest.mark.parametrize(
    ("column", "value", "field", "read"),
    [
        ("Unit", "HR", "unit", "Hr"),
        ("Unit", "payment", "unit", "Payment"),
        ("Frequency", "weekly", "frequency", "Weekly"),
        ("Frequency", "One–off", "frequency", "One-off"),
        ("PaymentMethod", "INVOICE", "payment_method", "Invoice"),
        ("PaymentMethod", "Actuals", "payment_method", "Actuals"),
        ("Authorised", "", "authorised", False),
        ("Authorised", "n", "authorised", False),
        ("Authorised", "TRUE", "authorised", True),
        ("ServiceRef", ANOTHER_GUID.lower(), "service_ref", ANOTHER_GUID),
        ("StartDate", "4 Jul 22", "start_on", date(2022, 7, 4)),
        ("EndDate", "", "end_on", None),
    ],
)
def test_words_are_read_in_any_letter_case(column: str, value: str, field: str, read: object) -> None:
    assert getattr(a_care_row(**{column: value}), field) == read


def test_a_hospital_incentive_is_a_single_payment() -> None:
    row = a_care_row(Unit="Payment", Frequency="One-off", Quantity="1", UnitCost="15.00", Timetable="")
    assert (row.unit, row.frequency, row.term.unit_cost) == ("Payment", "One-off", Decimal(15))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("", []),
        ("Mon 08:00-09:00; Mon 20:00-20:30", ["Mon 08:00-09:00", "Mon 20:00-20:30"]),
        ("MON 8:00-9:00;sun 23:30-00:30;", ["Mon 08:00-09:00", "Sun 23:30-00:30"]),
        ("Wed 08:00:30 - 09:00:15", ["Wed 08:00:30-09:00:15"]),
        ("Tue 08:00-08:30; Tue 08:00-08:30", ["Tue 08:00-08:30", "Tue 08:00-08:30"]),
    ],
)
def test_a_timetable_is_a_list_of_slots(text: str, slots: list[str]) -> None:
    assert list(a_care_row(Timetable=text).timetable) == [slot(one) for one in slots]


@pytest.mark.parametrize("written", ["Mon 08:00-08:30!; Tue 08:00-08:30", "Mon 8:00-8:30 !;Tue 08:00-08:30"])
def test_a_mark_makes_a_slot_time_critical(written: str) -> None:
    row = a_care_row(Timetable=written)
    assert list(row.timetable) == [slot("Mon 08:00-08:30"), slot("Tue 08:00-08:30")]
    assert list(row.critical_slots) == [slot("Mon 08:00-08:30")]
    assert timetable_text(row.timetable, row.critical_slots) == "Mon 08:00-08:30!; Tue 08:00-08:30"


FIRST, LAST = date(2022, 10, 3), date(2022, 10, 9)


@pytest.mark.parametrize(
    ("text", "suspensions"),
    [
        ("", []),
        ("03/10/2022-09/10/2022 holiday", [(FIRST, LAST, "holiday")]),
        ("03/10/2022 - 09/10/2022 in hospital, ward 7-B", [(FIRST, LAST, "in hospital, ward 7-B")]),
        ("03-10-2022-09-10-2022 holiday", [(FIRST, LAST, "holiday")]),
        ("2022-10-03-2022-10-09", [(FIRST, LAST, "")]),
        ("3 Oct 2022-9 Oct 2022 a long holiday", [(FIRST, LAST, "a long holiday")]),
        ("03/10/2022-03/10/2022 one day", [(FIRST, FIRST, "one day")]),
        ("03/10/2022- hospital", [(FIRST, OPEN_END, "hospital")]),
        ("03/10/2022 - in hospital", [(FIRST, OPEN_END, "in hospital")]),
        ("03/10/2022-", [(FIRST, OPEN_END, "")]),
        ("03/10/22-09/10/22 a; 09/10/22-09/10/22 b;", [(FIRST, LAST, "a"), (LAST, LAST, "b")]),
    ],
)
def test_suspensions_are_first_day_last_day_and_reason(
    text: str, suspensions: list[tuple[date, date, str]]
) -> None:
    assert list(a_care_row(Suspensions=text).suspensions) == suspensions


@pytest.mark.parametrize(
    ("effective_from", "key"),
    [
        ("", FROM_START),
        ("04/07/2022", FROM_START),
        ("01/01/2022", FROM_START),
        ("05/07/2022", date(2022, 7, 5)),
        ("01/04/2023", date(2023, 4, 1)),
    ],
)
def test_a_term_without_a_later_date_holds_from_the_start(effective_from: str, key: date) -> None:
    assert a_care_row(EffectiveFrom=effective_from).term.effective_from == key


@pytest.mark.parametrize(
    ("text", "assessed"), [("", None), ("0", Decimal(0)), ("0.00", Decimal(0)), (".5", Decimal("0.5"))]
)
def test_an_empty_contribution_is_the_full_cost_and_nought_is_nothing(
    text: str, assessed: Decimal | None
) -> None:
    assert a_care_row(AssessedContribution=text).term.assessed_contribution == assessed


@pytest.mark.parametrize(
    ("text", "collector"), [("", "Council"), ("COUNCIL", "Council"), ("provider", "Provider")]
)
def test_a_contribution_is_collected_by_the_council_unless_the_provider_does(
    text: str, collector: str
) -> None:
    assert a_care_row(ContributionCollectedBy=text).term.collected_by == collector
