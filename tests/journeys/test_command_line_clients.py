"""``clients merge`` on a whole stack, as its users meet it (DESIGN 4.1)."""

import zipfile
from pathlib import Path

import pytest

from tests.support.builders.care_files import a_care_file
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider with two clients in one week, each charged £8.00 of £10.00."""
    found = a_provider(tmp_path)
    rows = [
        found.care_row(AssessedContribution="8.00"),
        found.care_row(
            cpli_id=950_000_000 + found.number,
            SSRef=f"{found.ssref}b",
            ServiceName=f"{found.service} b",
            AssessedContribution="8.00",
        ),
    ]
    stack.ask("care", "import", found.file(a_care_file(*rows), "care.csv"))
    visits = found.visits(
        found.row(), found.row(VisitRef="V2", SSRef=f"{found.ssref}b", ServiceName=f"{found.service} b")
    )
    found.import_visits(stack, visits, "--confirm")
    return found


def test_merging_shows_the_money_first_merges_once_and_stays_reconciled(
    stack: Stack, provider: Provider
) -> None:
    both = (f"{provider.ssref}b", provider.ssref)
    before = stack.books()
    shown = stack.ask("clients", "merge", *both, "--preview")
    assert list(shown) == ["state", "client", "into", "money", "seen"]
    assert shown["money"]["charges"] == {"now": "16.00", "then": "8.00", "difference": "-8.00"}
    assert "(£-8.00)" in stack.tell("clients", "merge", *both, "--preview")
    assert stack.books() == before

    done = stack.ask("clients", "merge", *both)
    assert (done["state"], done["client"]["ssref"], done["into"]["ssref"]) == ("merged", *both)
    assert done["money"] == shown["money"]
    again = stack.ask("clients", "merge", *both)
    assert (again["state"], again["money"]) == ("merged", None)
    after = stack.books()
    assert float(after["total_charges"]) == float(before["total_charges"]) - 8
    assert after["weeks"] == before["weeks"]
    assert stack.ask("reconcile")["differences"] == []


def test_what_cannot_be_merged_is_refused_in_one_sentence(stack: Stack, provider: Provider) -> None:
    assert "same client" in stack.expect_refusal("clients", "merge", provider.ssref, provider.ssref)
    assert "There is no client “nobody”" in stack.expect_refusal("clients", "merge", "nobody", provider.ssref)
    assert "There is no client “nobody”" in stack.expect_refusal("clients", "merge", provider.ssref, "nobody")


def test_all_that_is_held_about_a_client_is_written_once_for_its_owner_alone(
    stack: Stack, provider: Provider, tmp_path: Path
) -> None:
    path = tmp_path / "held.zip"
    made = stack.ask("subject-access", provider.ssref, "--to", str(path))
    assert (made["client"], made["file"]) == (provider.ssref, str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as folder:
        assert folder.testzip() is None
        assert len(folder.namelist()) == made["files"]
        (visits,) = [name for name in folder.namelist() if name.endswith("/visits.csv")]
        content = folder.read(visits).decode("utf-8-sig")
    assert provider.ssref in content
    assert f"{provider.ssref}b" not in content
    refused = stack.expect_refusal("subject-access", provider.ssref, "--to", str(path))
    assert "can't be written" in refused
    assert "There is no client" in stack.expect_refusal("subject-access", "nobody")
