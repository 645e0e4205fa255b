"""What is shown beside an error or a warning: the cell as the sender wrote it (RULES 3)."""

from __future__ import annotations

import datetime as dt

import pytest

from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.rules import check_rows
from tests.support.builders.visit_files import a_reference, a_row, an_undelivered_row

TODAY = dt.date(2022, 8, 31)


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("long_visit", a_row(DeliveredExitTime="11:31:00")),
        ("over_twelve_hours", a_row(PlannedExitTime="08:59:00", DeliveredExitTime="8:58")),
        ("unplanned_date", a_row(DeliveredVisitDate="4 Aug 22")),
        ("missing_comment", an_undelivered_row(Comments="")),
        ("exceptional_under_an_hour", a_row(VisitType="E")),
        ("visits_not_required", a_row(ServiceLevel="LIVE IN care")),
        ("nhs_number_check", a_row(NHSNumber="943 476 5918")),
        ("wrong_delivered_type", a_row(VisitType="DHF")),
        ("visit_ref_missing", a_row(VisitRef="NULL")),
        ("planned_date_unreadable", a_row(PlannedVisitDate="31/06/2022")),
        ("planned_no_duration", a_row(PlannedExitTime="9:00")),
        ("delivered_exit_missing", a_row(DeliveredExitTime="")),
        ("client_missing", a_row(SSRef="N/A")),
        ("carer_unknown", a_row(CarerRef="C9")),
    ],
)
def test_a_finding_has_the_cell_as_it_was_written(code: str, row: tuple[str, ...]) -> None:
    checked = check_rows([(2, row)], a_reference(), TODAY)
    found = [one for one in (*checked.errors, *checked.warnings) if one.code == code]
    assert found, (checked.errors, checked.warnings)
    for one in found:
        assert one.value == row[HEADINGS.index(one.column)]


def test_a_level_that_only_its_reference_names_is_shown_by_its_name() -> None:
    reference = a_reference()
    live_in = next(level for level in reference.levels.values() if not level.requires_visits)
    ref = "97D54925-7210-436E-8D97-9727CD416699"
    known = a_reference(level_refs={**reference.level_refs, ref: live_in._replace(ref=ref)})
    row = a_row(ServiceLevel="", ServiceLevelRef=ref)
    (warning,) = check_rows([(2, row)], known, TODAY).warnings
    assert (warning.column, warning.value) == ("ServiceLevel", live_in.name)
