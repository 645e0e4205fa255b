"""The command line on a whole stack, where values are at the edge: renamed carers, dates that nobody means."""

import pytest

from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.stack.one_provider import Provider
from tests.support.stack.stack import Stack


def test_a_renamed_carer_is_shown_before_and_a_preview_changes_nothing(
    stack: Stack, provider: Provider
) -> None:
    first = provider.file("CarerRef,Forename,Surname\nC1,Ada,Fox\nC2,Bo,Hill\nC2,Bo,Hall\n", "carers.csv")
    document = stack.ask("carers", "import", first, "--organisation", provider.name)
    assert document["counts"] == {"read": 3, "new": 1, "rejected": 2}
    assert [error["row"] for error in document["errors"]] == [3, 4]

    second = provider.file("CarerRef,Forename,Surname\nC1,Ada,Gill\n", "carers-2.csv")
    said = "Carer C1 is renamed: “Ada Fox” becomes “Ada Gill”."
    asked = ("carers", "import", second, "--organisation", provider.name)
    for _ in range(2):
        looked_at = stack.run(*asked, "--preview")
        assert (looked_at.returncode, said in looked_at.stderr) == (0, True)
    made = stack.run(*asked)
    assert (made.returncode, said in made.stderr) == (0, True)
    assert "is renamed" not in stack.run(*asked).stderr


def test_an_end_after_2099_is_none_and_said(stack: Stack, provider: Provider) -> None:
    row = a_care_row(990_014, SSRef="EDGE14", EndDate="31/12/9999", OrganisationName=provider.name)
    file = provider.file(a_care_file(row), "open.csv")
    assert "EndDate 31/12/9999 is after 2099, so the package has no end." in stack.tell(
        "care", "import", file
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2022-02-30"])
def test_a_period_of_no_possible_day_is_a_slip_of_the_pen(stack: Stack, day: str) -> None:
    done = stack.run("periods", "items", day)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
