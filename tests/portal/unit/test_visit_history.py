"""What a visit's versions show: whatever of a file's columns may differ between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from libs.common.files.visit_headings import HEADINGS
from services.ingest.rows.stored import COLUMN_OF
from services.portal.visits.forms import RARE, labels, rare_cells
from services.portal.visits.history.views import list_changes

SHOWN_OTHERWISE = {"VisitRef", "Deleted"}
"""The one is what the versions are of; the other stands in *Through*."""
NOT_KEPT = {"ServiceLevelRef", "OrganisationRef", "OrganisationName"}
"""A level is kept by its name, and the organisation is the visit's own."""
EMPTY = dict.fromkeys(COLUMN_OF, "")


def test_every_column_of_a_file_is_kept_or_accounted_for() -> None:
    assert set(HEADINGS) == set(COLUMN_OF) | SHOWN_OTHERWISE | NOT_KEPT


@pytest.fixture(autouse=True)
def in_a_page() -> Iterator[None]:
    """The labels are those of a form, which wants a page."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a secret of the tests"
    with app.test_request_context():
        yield


@pytest.mark.parametrize("heading", [one for one in COLUMN_OF if not one.endswith("Date")])
def test_a_change_of_any_column_is_shown_before_and_after(heading: str) -> None:
    newest, earliest = list_changes([EMPTY | {heading: "now"}, EMPTY | {heading: "then"}])
    assert newest == [(labels()[heading], "then", "now")]
    assert earliest is None


def test_days_types_and_booleans_are_shown_as_people_read_them() -> None:
    cells = {"PlannedVisitDate": "2022-10-03", "VisitType": "E", "DeliveredEntryTimeIsOverridden": "Y"}
    assert list_changes([EMPTY | cells, EMPTY, EMPTY]) == [
        [
            ("Planned date", "", "03/10/2022"),
            ("Visit type", "", "Exceptional"),
            ("Entry time is overridden", "", "Yes"),
        ],
        [],
        None,
    ]


def test_cells_that_most_visits_leave_empty_are_shown_where_they_are_not() -> None:
    filled = dict.fromkeys(RARE, "something")
    assert [label for label, _ in rare_cells(EMPTY | filled)] == [labels()[heading] for heading in RARE]
    assert rare_cells(EMPTY) == ()
