"""Which rows of a visits file are accepted, rejected or stored with an issue: each line of RULES 3."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.rules import Checked, Reference, Visit, check_rows
from tests.support.builders.visit_files import (
    DAPL,
    DAPL_REF,
    FOREIGN_SERVICE_REF,
    HOME_SUPPORT_REF,
    LWAH,
    LWAH_REF,
    ORGANISATION,
    ORGANISATION_REF,
    OTHER_REF,
    PERSONAL_CARE_REF,
    a_reference,
    a_row,
    an_undelivered_row,
)

TODAY = dt.date(2022, 8, 15)


def check(*rows: tuple[str, ...], reference: Reference | None = None) -> Checked:
    return check_rows(list(enumerate(rows, 2)), reference or a_reference(), TODAY)


def accept(*rows: tuple[str, ...], reference: Reference | None = None) -> Visit:
    checked = check(*rows, reference=reference)
    assert checked.errors == []
    assert len(checked.accepted) == 1
    return checked.accepted[0][1]


def reasons(*rows: tuple[str, ...], reference: Reference | None = None) -> list[tuple[str, str]]:
    """(column, code) of every reason; a row with a reason is in no other list."""
    checked = check(*rows, reference=reference)
    rejected = {error.row for error in checked.errors}
    assert not rejected & {row for row, _ in [*checked.accepted, *checked.deletions]}
    assert len(rejected) + len(checked.accepted) + len(checked.deletions) == len(rows)
    assert all(error.message.endswith(".") for error in checked.errors)
    return [(error.column, error.code) for error in checked.errors]


def test_a_good_row_becomes_a_visit_with_every_value_read() -> None:
    row = a_row(
        VisitRef=" V/1 ",
        Deleted="No",
        DeliveredExitTime="9:31:20",
        DeliveredEntryTimeIsOverridden="y",
        DeliveredEntryTimeOverrideReason="Phone was flat",
        DeliveredExitTimeIsOverridden="0",
        DeliveredExitTimeOverrideReason="Typed in",
        VarianceReason="Late bus",
        Comments="\u00a0two\nlines\t",
        ClientRef=OTHER_REF.lower(),
        NHSNumber="943 476 5919",
        ServiceLevelRef=PERSONAL_CARE_REF.lower(),
        ServiceLevel="personal  CARE",
        CarerRef="C1",
        ServiceRef=DAPL_REF.lower(),
        ServiceName="diamond home care – DAPL Oxford",
        OrganisationRef=ORGANISATION_REF.lower(),
        OrganisationName="diamond home care LTD",
    )
    assert accept(row) == Visit(
        visit_ref="V/1",
        planned_on=dt.date(2022, 8, 1),
        planned_entry=9 * 3600,
        planned_exit=9 * 3600 + 1800,
        visit_type="DHS",
        delivered_on=dt.date(2022, 8, 1),
        delivered_entry=9 * 3600 + 120,
        delivered_exit=9 * 3600 + 31 * 60 + 20,
        entry_overridden=True,
        entry_override_reason="Phone was flat",
        exit_overridden=False,
        exit_override_reason="Typed in",
        variance_reason="Late bus",
        comments="two\nlines",
        client_ref=OTHER_REF,
        ssref="A123456",
        nhs_number="9434765919",
        service_level="Personal Care",
        carer_ref="C1",
        service_ref=DAPL_REF,
        service_name="diamond home care – DAPL Oxford",
        issues=(),
    )


def test_a_visit_that_was_not_delivered_has_no_delivered_values() -> None:
    visit = accept(an_undelivered_row())
    assert (visit.delivered_on, visit.delivered_entry, visit.delivered_exit) == (None, None, None)
    assert (visit.entry_overridden, visit.exit_overridden) == (None, None)


LONG = "x" * 50
REJECTED = [
    ({"VisitRef": ""}, "VisitRef", "visit_ref_missing"),
    ({"VisitRef": LONG + "x"}, "VisitRef", "too_long"),
    ({"Deleted": "2"}, "Deleted", "deleted_unreadable"),
    ({"Deleted": "Maybe"}, "Deleted", "deleted_unreadable"),
    ({"PlannedVisitDate": ""}, "PlannedVisitDate", "planned_date_missing"),
    ({"PlannedVisitDate": "31/02/2022"}, "PlannedVisitDate", "planned_date_unreadable"),
    ({"PlannedEntryTime": ""}, "PlannedEntryTime", "planned_entry_missing"),
    ({"PlannedEntryTime": "24:00"}, "PlannedEntryTime", "planned_entry_unreadable"),
    ({"PlannedExitTime": ""}, "PlannedExitTime", "planned_exit_missing"),
    ({"PlannedExitTime": "9.30"}, "PlannedExitTime", "planned_exit_unreadable"),
    ({"PlannedExitTime": "9:00"}, "PlannedExitTime", "planned_no_duration"),
    ({"VisitType": ""}, "VisitType", "visit_type_missing"),
    ({"VisitType": "X"}, "VisitType", "visit_type_unknown"),
    ({"VisitType": "dhs"}, "VisitType", "visit_type_unknown"),
    ({"DeliveredVisitDate": ""}, "DeliveredVisitDate", "delivered_date_missing"),
    ({"DeliveredVisitDate": "soon"}, "DeliveredVisitDate", "delivered_date_unreadable"),
    ({"DeliveredEntryTime": ""}, "DeliveredEntryTime", "delivered_entry_missing"),
    ({"DeliveredEntryTime": "9"}, "DeliveredEntryTime", "delivered_entry_unreadable"),
    ({"DeliveredExitTime": ""}, "DeliveredExitTime", "delivered_exit_missing"),
    ({"DeliveredExitTime": "9:61"}, "DeliveredExitTime", "delivered_exit_unreadable"),
    ({"DeliveredExitTime": "09:02:00"}, "DeliveredExitTime", "delivered_no_duration"),
    ({"DeliveredVisitDate": "16/08/2022"}, "DeliveredVisitDate", "delivered_in_future"),
    ({"SSRef": ""}, "SSRef", "client_missing"),
    ({"SSRef": LONG + "x"}, "SSRef", "too_long"),
    ({"ClientRef": "A123456"}, "ClientRef", "guid_malformed"),
    ({"NHSNumber": "1" * 21}, "NHSNumber", "too_long"),
    ({"ServiceLevel": ""}, "ServiceLevel", "service_level_missing"),
    ({"ServiceLevel": "Dog walking"}, "ServiceLevel", "service_level_unknown"),
    ({"ServiceLevel": "Personal" + " " * 100 + "Care"}, "ServiceLevel", "too_long"),
    ({"ServiceLevelRef": "PC"}, "ServiceLevelRef", "guid_malformed"),
    ({"ServiceLevelRef": OTHER_REF}, "ServiceLevelRef", "service_level_ref_unknown"),
    ({"ServiceLevelRef": HOME_SUPPORT_REF}, "ServiceLevelRef", "service_level_disagrees"),
    ({"CarerRef": "C2"}, "CarerRef", "carer_unknown"),
    ({"CarerRef": "c1"}, "CarerRef", "carer_unknown"),
    ({"ServiceRef": "S1"}, "ServiceRef", "guid_malformed"),
    ({"ServiceRef": FOREIGN_SERVICE_REF}, "ServiceRef", "service_of_other_organisation"),
    ({"ServiceRef": FOREIGN_SERVICE_REF, "ServiceName": ""}, "ServiceRef", "service_of_other_organisation"),
    ({"ServiceRef": LWAH_REF}, "ServiceRef", "service_disagrees"),
    ({"ServiceRef": OTHER_REF}, "ServiceRef", "service_disagrees"),
    ({"ServiceRef": DAPL_REF, "ServiceName": "Unheard of"}, "ServiceRef", "service_disagrees"),
    ({"ServiceName": "x" * 113}, "ServiceName", "too_long"),
    ({"OrganisationRef": "O1"}, "OrganisationRef", "guid_malformed"),
    ({"OrganisationRef": OTHER_REF}, "OrganisationRef", "other_organisation"),
    ({"OrganisationName": "Diamond Home Care"}, "OrganisationName", "other_organisation"),
    (
        {"OrganisationRef": ORGANISATION_REF, "OrganisationName": "B"},
        "OrganisationName",
        "organisation_disagrees",
    ),
    (
        {"OrganisationRef": OTHER_REF, "OrganisationName": ORGANISATION},
        "OrganisationRef",
        "organisation_disagrees",
    ),
    ({"DeliveredEntryTimeIsOverridden": "2"}, "DeliveredEntryTimeIsOverridden", "overridden_unreadable"),
    ({"DeliveredExitTimeIsOverridden": "?"}, "DeliveredExitTimeIsOverridden", "overridden_unreadable"),
    ({"DeliveredEntryTimeOverrideReason": "x" * 8001}, "DeliveredEntryTimeOverrideReason", "too_long"),
    ({"DeliveredExitTimeOverrideReason": "x" * 8001}, "DeliveredExitTimeOverrideReason", "too_long"),
    ({"VarianceReason": "x" * 8001}, "VarianceReason", "too_long"),
    ({"Comments": "x" * 8001}, "Comments", "too_long"),
    ({"Comments": "a\x07b"}, "Comments", "control_character"),
    ({"VarianceReason": "a\x85b"}, "VarianceReason", "control_character"),
    ({"VisitRef": "V\t1"}, "VisitRef", "control_character"),
    ({"SSRef": "A1\nB"}, "SSRef", "control_character"),
    ({"ServiceName": "Un\x1bheard"}, "ServiceName", "control_character"),
]


@pytest.mark.parametrize(("changes", "column", "code"), REJECTED)
def test_a_row_is_rejected_with_its_reason(changes: dict[str, str], column: str, code: str) -> None:
    assert reasons(a_row(**changes)) == [(column, code)]
    (error,) = check(a_row(**changes)).errors
    assert column in error.message or code == "client_missing"
    assert "{" not in error.message


@pytest.mark.parametrize(
    ("visit_type", "column", "name"),
    [
        (visit_type, column, name)
        for visit_type in ("C", "U", "C24", "H")
        for column, name in (
            ("DeliveredVisitDate", "date"),
            ("DeliveredEntryTime", "entry"),
            ("DeliveredExitTime", "exit"),
        )
    ],
)
def test_a_visit_not_delivered_may_have_no_delivered_value(visit_type: str, column: str, name: str) -> None:
    row = an_undelivered_row(VisitType=visit_type, **{column: "?"})
    assert reasons(row) == [(column, f"delivered_{name}_not_expected")]


@pytest.mark.parametrize(
    "changes",
    [
        {"VisitRef": LONG},
        {"SSRef": LONG},
        {"Comments": "x" * 8000},
        {"Comments": "=1+1"},
        {"Comments": "one\r\ntwo\tthree"},
        {"Comments": "Siân Tŷ Ŵyn 👩🏽‍⚕️"},
        {"Comments": "a | b"},
        {"SSRef": "", "ClientRef": OTHER_REF},
        {"SSRef": "", "NHSNumber": "9434765919"},
        {"ServiceLevel": "", "ServiceLevelRef": PERSONAL_CARE_REF},
        {"ServiceLevel": "htlah - maintenance"},
        {"ServiceLevel": "Home Support – Urgent Care"},
        {"ServiceName": "A service not set up yet"},
        {"ServiceName": "", "ServiceRef": OTHER_REF},
        {"ServiceName": "A service not set up yet", "ServiceRef": OTHER_REF},
        {"ServiceName": ""},
        {"OrganisationRef": ORGANISATION_REF},
        {"OrganisationName": ORGANISATION},
        {"DeliveredVisitDate": "15/08/2022", "PlannedVisitDate": "15/08/2022"},
        {"PlannedVisitDate": "\u00a02022-08-01 "},
    ],
)
def test_a_row_that_breaks_no_rule_is_accepted(changes: dict[str, str]) -> None:
    assert accept(a_row(**changes)).issues == ()


def test_every_reason_of_a_row_is_given_with_row_ref_column_and_value() -> None:
    checked = check(
        a_row(), a_row(VisitRef="V2", PlannedVisitDate="soon", PlannedExitTime="", SSRef="", CarerRef="C9")
    )
    assert [(error.row, error.ref, error.column, error.value) for error in checked.errors] == [
        (3, "V2", "PlannedVisitDate", "soon"),
        (3, "V2", "PlannedExitTime", ""),
        (3, "V2", "SSRef", ""),
        (3, "V2", "CarerRef", "C9"),
    ]
    assert checked.errors[0].message == (
        "PlannedVisitDate 'soon' is not a date: write the day first, such as 10/03/2022, 10-03-22 or 10 Mar 2022."
    )


def test_all_rows_of_a_repeated_visit_ref_are_rejected_deletions_too() -> None:
    checked = check(
        a_row(), a_row(VisitRef="V2"), a_row(VisitRef=" V1\u00a0"), a_row(VisitRef="V1", Deleted="1")
    )
    assert [error.row for error in checked.errors if error.code == "visit_ref_repeated"] == [2, 4, 5]
    assert checked.errors[0].message.startswith("VisitRef 'V1' is on rows 2, 4 and 5:")
    assert [row for row, _ in checked.accepted] == [3]
    assert reasons(a_row(VisitRef=""), a_row(VisitRef="")) == [("VisitRef", "visit_ref_missing")] * 2


def test_a_visit_ref_on_many_rows_names_the_first_few() -> None:
    checked = check(*[a_row()] * 1000)
    assert "rows 2, 3, 4, 5, 6 and 995 more" in checked.errors[0].message


@pytest.mark.parametrize("deleted", ["1", "Y", "yes", "TRUE"])
def test_with_deleted_nothing_but_the_visit_ref_is_looked_at(deleted: str) -> None:
    row = ("V0", deleted, *["\x07?"] * (len(HEADINGS) - 2))
    checked = check(row)
    assert (checked.deletions, checked.accepted, checked.errors) == ([(2, "V0")], [], [])


@pytest.mark.parametrize(
    ("ref", "code"), [("V9", "unknown_visit"), ("", "visit_ref_missing"), (LONG + "x", "too_long")]
)
def test_a_deletion_of_no_known_visit_is_rejected(ref: str, code: str) -> None:
    assert reasons(a_row(VisitRef=ref, Deleted="1")) == [("VisitRef", code)]


def test_a_row_whose_columns_have_shifted_is_rejected_for_that_alone() -> None:
    assert reasons((*a_row(SSRef="", Deleted="1", VisitRef="V0"), "x")) == [("", "columns_shifted")]


def test_no_organisation_ref_disagrees_while_the_uploaders_is_unknown() -> None:
    reference = a_reference(organisation_ref=None)
    assert reasons(a_row(OrganisationRef=ORGANISATION_REF), reference=reference) == []


def test_a_service_whose_ref_is_not_known_does_not_disagree_with_one() -> None:
    known = a_reference()
    services = {name: fact._replace(ref="") for name, fact in known.services.items()}
    reference = a_reference(services=services, service_refs={})
    assert accept(a_row(ServiceRef=OTHER_REF), reference=reference).service_ref == OTHER_REF


ISSUES = [
    (an_undelivered_row(VisitType="U", Comments=""), ["missing_comment"]),
    (an_undelivered_row(VisitType="C", Comments=""), ["missing_comment"]),
    (an_undelivered_row(VisitType="C24", Comments=" "), ["missing_comment"]),
    (an_undelivered_row(VisitType="C24", Comments="", VarianceReason="Away"), ["missing_comment"]),
    (an_undelivered_row(VisitType="H", Comments=""), []),
    (a_row(VisitType="E", DeliveredExitTime="10:32"), ["missing_comment"]),
    (a_row(VisitType="E", DeliveredExitTime="10:31:59"), ["missing_comment", "exceptional_under_an_hour"]),
    (a_row(VisitType="E", DeliveredExitTime="10:31", Comments="Fall"), []),
    (a_row(DeliveredExitTime="10:31:59"), []),
    (a_row(DeliveredExitTime="10:32"), ["long_visit"]),
    (a_row(DeliveredExitTime="10:32", Comments="Fall"), ["long_visit"]),
    (a_row(DeliveredEntryTime="23:30", DeliveredExitTime="01:00"), ["long_visit"]),
    (a_row(PlannedEntryTime="23:45", PlannedExitTime="00:15"), []),
    (a_row(ServiceLevel="Live in care"), ["visits_not_required"]),
    (a_row(NHSNumber="9434765918"), ["nhs_number_check"]),
    (a_row(NHSNumber="943-476-5919"), ["nhs_number_check"]),
    (a_row(NHSNumber=" 943 476\u00a05919 "), []),
    (a_row(VisitType="DHF"), ["wrong_delivered_type"]),
    (a_row(ServiceName=LWAH), ["wrong_delivered_type"]),
    (a_row(ServiceName="", ServiceRef=LWAH_REF), ["wrong_delivered_type"]),
    (a_row(ServiceName=LWAH, VisitType="DHF"), []),
    (a_row(ServiceName="Unheard of", VisitType="DHF"), []),
    (a_row(ServiceName="", VisitType="DHF"), []),
    (a_row(ServiceName=LWAH, VisitType="E", Comments="Fall"), []),
    (a_row(DeliveredVisitDate="02/08/2022"), []),
    (a_row(DeliveredVisitDate="31/07/2022"), []),
    (a_row(DeliveredVisitDate="03/08/2022"), ["unplanned_date"]),
    (a_row(DeliveredVisitDate="30/07/2022"), ["unplanned_date"]),
]


@pytest.mark.parametrize(("row", "issues"), ISSUES)
def test_a_row_is_stored_with_its_data_quality_issues(row: tuple[str, ...], issues: list[str]) -> None:
    checked = check(row)
    assert checked.errors == []
    assert [(number, visit.issues) for number, visit in checked.accepted] == [(2, tuple(issues))]
    assert [(warning.row, warning.ref, warning.code) for warning in checked.warnings] == [
        (2, "V1", issue) for issue in issues
    ]
    assert all("{" not in warning.message and warning.message.endswith(".") for warning in checked.warnings)


def test_a_rejected_row_has_no_issues() -> None:
    assert check(a_row(VisitType="E", SSRef="")).warnings == []


def test_the_digest_tells_all_values_apart_and_stays_the_same() -> None:
    visit = accept(a_row())
    assert visit.digest().hex() == "2fd216243c79316dbdc44158bfab5c4c"
    assert accept(a_row(PlannedVisitDate="1 Aug 22", SSRef=" A123456")).digest() == visit.digest()
    changes: dict[str, Any] = {
        name: (
            dt.date(2020, 1, 1)
            if name.endswith("_on")
            else 1
            if name.endswith(("entry", "exit"))
            else "other"
        )
        for name in Visit._fields
        if name != "issues"
    }
    digests = {visit._replace(**{name: value}).digest() for name, value in changes.items()}
    assert len(digests | {visit.digest()}) == len(changes) + 1
    assert visit._replace(issues=("missing_comment",)).digest() == visit.digest()
    assert visit._replace(comments="x").digest() != visit._replace(variance_reason="x").digest()


a_cell = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "V0",
            "DHS",
            "E",
            "C24",
            "01/08/2022",
            "9:00",
            "10:00",
            "Personal Care",
            DAPL,
            LWAH_REF,
        ]
    ),
    st.text(min_size=49, max_size=120),
)


@given(
    st.lists(st.tuples(*[a_cell] * len(HEADINGS)) | st.tuples(*[a_cell] * (len(HEADINGS) + 1)), max_size=5)
)
def test_any_cells_are_judged_and_every_row_ends_in_one_place(rows: list[tuple[str, ...]]) -> None:
    reasons(*rows)


@given(st.dictionaries(st.sampled_from(HEADINGS), a_cell, max_size=3))
def test_a_good_row_with_any_changes_is_judged_and_a_visit_has_a_digest(changes: dict[str, str]) -> None:
    for _, visit in check(a_row(**changes)).accepted:
        assert len(visit.digest()) == 16
