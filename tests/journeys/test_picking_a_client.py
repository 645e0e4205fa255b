"""A client is picked by a name, a reference or a part of either, in any letter case, on every filter (RULES 20)."""

from __future__ import annotations

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.accounts import Browser

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A100", Forename="Ann", Surname="Hart"),
    a_care_row(2, SSRef="A200", Forename="Bo", Surname="Hartley"),
    a_care_row(3, SSRef="B300", Forename="Ann", Surname="O'Neil 100%", OrganisationName=PEARL),
)


@pytest.fixture(scope="module")
def council(shared: ApiCouncil) -> ApiCouncil:
    shared.empty()
    shared.council.import_care(CARE)
    return shared


@pytest.fixture(scope="module")
def officer(council: ApiCouncil) -> Browser:
    return council.browser("finance")


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("a10", "A100"),
        ("ann hart", "A100"),
        ("HART, ann", "A100"),
        ("  hartl ", "A200"),
        ("o'neil", "B300"),
        ("100%", "B300"),
        ("%", "B300"),
    ],
)
def test_one_who_is_meant_alone_is_picked(officer: Browser, written: str, reference: str) -> None:
    answer = officer.client.get("/care", query_string={"client": written, "historical": "y"})
    assert (answer.status_code, answer.location) == (302, f"/care?historical=y&client={reference}")


@pytest.mark.parametrize("written", ["A100", "nobody", "_", "\\", "A" * 51])
def test_a_reference_as_it_is_and_whom_nobody_knows_go_on_to_the_list(officer: Browser, written: str) -> None:
    assert officer.client.get("/care", query_string={"client": written}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/care", "/visits", "/disputes", "/charges", "/enquiries", "/reviews", "/actions"]
)
def test_among_several_whoever_asks_chooses_and_the_other_filters_stay(officer: Browser, path: str) -> None:
    page = officer.get(f"{path}?which=historic&client=hart&cursor=W10&back=x").text
    assert "Which client?" in page
    assert f'href="{path}?which=historic&amp;client=A100"' in page
    assert f'href="{path}?which=historic&amp;client=A200"' in page
    assert "B300" not in page
    assert f'href="{path}?which=historic&amp;client=hart&amp;exact=y"' in page
    assert officer.client.get(f"{path}?client=hart&exact=y").status_code == 200


def test_a_provider_picks_among_its_own_clients(council: ApiCouncil) -> None:
    manager = council.browser("home_manager", DIAMOND)
    assert manager.client.get("/care?client=ann").location == "/care?client=A100"
    assert manager.client.get("/care?client=neil").status_code == 200
