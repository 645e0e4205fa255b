"""What a client was known by goes on naming it, until somebody else is given it (RULES 2); against the second calculation."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.matching.imports import steps as imports_steps
from tests.oracle.rows import DAPL, DIAMOND, GUIDS, a_visit, a_week
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story, items_of
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council

FAULTS = Path(__file__).parents[1] / "cases" / "faults"
ADA, BEA = (str(uuid.uuid5(GUIDS, name)).upper() for name in ("Ada", "Bea"))
ONE_WEEK = dt.timedelta(days=7)


def a_row(cpli_id: int, **cells: Any) -> dict[str, str]:
    return a_care_row(cpli_id, **{"ServiceName": DAPL} | cells)


def errors_of(council: Council, content: str) -> list[tuple[int, str, str]]:
    """Row, code and message of what is wrong with a care file."""
    document = council.import_care(content)
    return [(error["row"], error["code"], error["message"]) for error in document["errors"]]


def paid_by_cpli(story: Story) -> dict[int, int]:
    """Whole pounds posted by CPLI."""
    with story.council.payments() as s:
        rows = s.execute(text("SELECT cpli_id, sum(amount)::int FROM items WHERE series = 'cost' GROUP BY 1"))
        return {row[0]: row[1] for row in rows}


def test_one_ssref_with_two_client_refs_in_one_file_rejects_the_second_row_naming_the_first(
    council: Council,
) -> None:
    content = (FAULTS / "one-name-two-references" / "care.csv").read_text()
    of_clients = [error for error in errors_of(council, content) if error[0] in (4, 5)]
    sentence = (
        "Row 4 of this file says otherwise of the same person: correct the identifiers of one of the two."
    )
    assert of_clients == [(5, "contradicts_another_row", sentence)]
    visits = (
        f"{','.join(a_visit('V', SECOND_PERIOD))}\n"
        f"{','.join(a_visit('V', SECOND_PERIOD, SSRef='C202', ServiceName='Test Care - North').values())}\n"
    )
    council.import_visits("Test Care Ltd", visits)
    assert council.books()["matched"] == 1
    with council.sessions["matching"].begin() as session:
        assert session.scalar(text("SELECT cpli_id FROM visits WHERE visit_ref = 'V'")) == 202
        names = session.execute(text("SELECT forename FROM clients WHERE ssref = 'C202'")).scalars().all()
        assert names == ["Ada"]


def test_a_renumbered_client_is_known_by_both_numbers_in_files_from_before_and_after(story: Story) -> None:
    story.import_care(a_row(1, SSRef="A100", ClientRef=ADA, AssessedContribution="50.00"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.import_care(a_row(1, SSRef="A500", ClientRef=ADA, AssessedContribution="50.00"))
    story.import_visits(
        DIAMOND, *a_week("b", FIRST_PERIOD + ONE_WEEK), *a_week("c", SECOND_PERIOD, SSRef="A500")
    )
    story.compare()
    assert story.oracle.books()["matched"] == 21
    story.import_care(a_row(2, SSRef="A100", AssessedContribution="50.00"))  # a file from before the change
    story.compare()
    assert story.oracle.care.packages[2].client == story.oracle.care.packages[1].client


@pytest.mark.parametrize("is_first_in_file", [True, False])
def test_given_to_another_it_names_the_new_client_from_the_first_start_date_the_old_one_before(
    story: Story, is_first_in_file: bool
) -> None:
    story.import_care(a_row(1, SSRef="A100", ClientRef=ADA))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    renumbered = a_row(1, SSRef="A500", ClientRef=ADA)
    another = a_row(2, SSRef="A100", ClientRef=BEA, StartDate="06/10/2022", UnitCost="30.00")
    story.import_care(*((another, renumbered) if is_first_in_file else (renumbered, another)))
    story.compare()
    # Monday to Wednesday are the old client's at £20.00, Thursday to Sunday the new one's at £30.00.
    assert paid_by_cpli(story) == {1: 60, 2: 120}
    story.import_visits(DIAMOND, *a_week("b", FIRST_PERIOD))  # late, from before
    story.compare()
    assert paid_by_cpli(story) == {1: 200, 2: 120}
    story.import_care(another | {"StartDate": "08/10/2022"})
    story.compare()
    assert paid_by_cpli(story) == {1: 240, 2: 60}


def test_what_was_given_to_another_changes_a_finalised_period_by_adjustments(story: Story) -> None:
    story.import_care(a_row(1, SSRef="A100", ClientRef=ADA, AssessedContribution="35.00"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.finalise(FIRST_PERIOD)
    story.import_care(a_row(1, SSRef="A500", ClientRef=ADA, AssessedContribution="35.00"))
    story.import_care(
        a_row(2, SSRef="A100", ClientRef=BEA, StartDate="08/09/2022", AssessedContribution="10.00")
    )
    story.compare()
    moved = [(cpli_id, amount) for series, _, _, cpli_id, _, amount in items_of(story.council, SECOND_PERIOD)]
    assert moved == [(1, "-80.00"), (2, "80.00")]


def test_a_row_with_the_ssref_of_a_known_client_and_another_client_ref_is_another_person(
    story: Story,
) -> None:
    story.import_care(a_row(1, SSRef="A100", ClientRef=ADA))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.import_care(a_row(2, SSRef="A100", ClientRef=BEA, StartDate="06/10/2022"))
    story.compare()
    assert paid_by_cpli(story) == {1: 60, 2: 80}
    # but where the CPLI is known as the client's, the client was given a new ClientRef
    new = str(uuid.uuid5(GUIDS, "Ada anew")).upper()
    story.import_care(a_row(1, SSRef="A500", ClientRef=ADA), a_row(3, SSRef="A500"))
    story.import_care(a_row(3, SSRef="A500", ClientRef=new))
    story.import_visits(DIAMOND, *a_week("n", FIRST_PERIOD, SSRef="", ClientRef=new))
    story.import_visits(DIAMOND, *a_week("o", FIRST_PERIOD + ONE_WEEK, SSRef="", ClientRef=ADA))
    story.compare()
    assert story.oracle.care.packages[3].client == story.oracle.care.packages[1].client


def test_rows_that_contradict_what_is_known_give_way_to_rows_that_agree_with_it(council: Council) -> None:
    council.import_care(a_care_file(a_row(1, SSRef="A100", ClientRef=ADA)))
    file = a_care_file(
        a_row(2, SSRef="A500", ClientRef=ADA), a_row(1, SSRef="A100", ClientRef=ADA, Surname="Lind"), a_row(3)
    )
    assert [error[:2] for error in errors_of(council, file)] == [(2, "contradicts_another_row")]
    assert "Row 3 of this file" in errors_of(council, file)[0][2]


def test_two_clients_whose_identifiers_are_swapped_in_one_file_keep_their_own_care(story: Story) -> None:
    story.import_care(a_row(1, SSRef="A100", ClientRef=ADA), a_row(2, SSRef="A200", ClientRef=BEA))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD), *a_week("b", SECOND_PERIOD, SSRef="A200"))
    story.import_care(a_row(1, SSRef="A200", ClientRef=ADA), a_row(2, SSRef="A100", ClientRef=BEA))
    story.compare()
    with story.council.sessions["matching"].begin() as session:
        query = "SELECT ssref, client_ref FROM clients ORDER BY ssref"
        assert session.execute(text(query)).all() == [("A100", BEA), ("A200", ADA)]
    assert paid_by_cpli(story) == {1: 140, 2: 140}


def test_an_identifier_from_a_merge_gives_up_none_that_the_same_file_says(story: Story) -> None:
    story.import_care(a_row(1, SSRef="A100"), a_row(2, SSRef="A200"))
    assert story.merge_clients(("SSRef", "A200"), ("SSRef", "A100"))
    contribution = {"AssessedContribution": "15.00"}
    story.import_care(a_row(2, SSRef="A200", **contribution), a_row(3, SSRef="A100", **contribution))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD), *a_week("b", SECOND_PERIOD, SSRef="A200"))
    story.compare()
    assert story.oracle.care.packages[3].client == story.oracle.care.packages[1].client
    assert story.oracle.books()["total_charges"] == "15.00"


def test_resync_says_clients_that_were_merged_too(story: Story) -> None:
    story.import_care(
        a_row(1, SSRef="A100", AssessedContribution="30.00"),
        a_row(2, SSRef="A200", AssessedContribution="30.00"),
    )
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", FIRST_PERIOD, SSRef="A200"))
    story.finalise(FIRST_PERIOD)
    assert story.merge_clients(("SSRef", "A200"), ("SSRef", "A100"))
    story.compare()
    with story.council.payments() as s:
        s.execute(text("DELETE FROM merged_clients"))
    assert {one["what"] for one in story.council.differences()} == {"merged client", "charge"}
    with story.council.sessions["matching"].begin() as session:
        imports_steps.resync_care(session, uuid.uuid4())
    story.settle()
    story.compare()
    with story.council.payments() as s:
        rows = s.execute(
            text("SELECT period_start, amount::text FROM charges ORDER BY posted_at, period_start")
        )
        assert [tuple(row) for row in rows] == [
            (FIRST_PERIOD, "30.00"),
            (FIRST_PERIOD, "30.00"),
            (SECOND_PERIOD, "-30.00"),
        ]
