"""How exports go on, what their files are called, and the page that the folder begins with (RULES 20)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from services.portal.protection.subject_access import rules
from services.portal.protection.subject_access.folder import Folder
from services.portal.protection.subject_access.overview import overview
from services.portal.protection.subject_access.parts import SHOWN_ROWS, Held

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
SUBJECT: Any = {"name": "Mona <Lee>", "reference": "A1", "identifiers": ["A1", "A0"]}


@pytest.mark.parametrize(
    ("state", "made_at", "words", "kept"),
    [
        (rules.WAITING, None, "Waiting", False),
        (rules.MAKING, None, "Being made", False),
        (rules.FAILED, None, "Failed", False),
        (rules.MADE, NOW, "Ready", True),
        (rules.MADE, NOW - rules.KEPT + dt.timedelta(seconds=1), "Ready", True),
        (rules.MADE, NOW - rules.KEPT, "Not kept any more", False),
    ],
)
def test_a_folder_can_be_taken_for_as_long_as_it_is_kept(
    state: str, made_at: dt.datetime | None, words: str, kept: bool
) -> None:
    assert rules.state_in_words(state, made_at, NOW) == words
    assert rules.is_kept(state, made_at, NOW) is kept


@pytest.mark.parametrize(
    ("attempts", "state"), [(1, "waiting"), (4, "waiting"), (5, "failed"), (6, "failed")]
)
def test_what_may_pass_is_tried_again_and_given_up_in_the_end(attempts: int, state: str) -> None:
    assert rules.state_after(attempts) == state


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\Ärger 1.PDF", "Arger-1.pdf"),
        ("", "unnamed"),
        ("…", "unnamed"),
        ("a" * 300 + ".txt", "a" * 60 + ".txt"),
        ("two\nlines.x/y", "y"),
    ],
)
def test_files_lie_in_their_folder_under_plain_names(name: str, path: str) -> None:
    assert rules.place_of_file("case-attachments", 7, name) == (
        f"read-before-handing-over/files/case-attachments-007-{path}"
    )


def test_what_people_wrote_lies_apart() -> None:
    assert rules.place_of("charges", is_prose=False) == "data/charges.csv"
    assert rules.place_of("case-messages", is_prose=True) == "read-before-handing-over/case-messages.csv"


def test_a_folder_is_one_zip_file_with_all_that_was_written() -> None:
    sink = io.BytesIO()
    folder = Folder(sink, "subject-access_A1", NOW)
    folder.write("data/one.csv", [b"a,", b"b"])
    with folder.opened("data/two.csv") as file:
        file.write(b"c")
    folder.close()
    with zipfile.ZipFile(sink) as read:
        assert {name: read.read(name) for name in read.namelist()} == {
            "subject-access_A1/data/one.csv": b"a,b",
            "subject-access_A1/data/two.csv": b"c",
        }
    assert folder.files == 2


def a_part(name: str, count: int) -> Held:
    part: Any = {"name": name, "title": f"About {name}", "words": "What it holds.", "headings": ["Words"]}
    rows: list[Any] = [[f"<b>{name} {n}</b>"] for n in range(min(count, SHOWN_ROWS + 1))]
    return Held(part, f"data/{name}.csv", count, rows)


def test_the_overview_shows_short_parts_whole_names_long_ones_and_runs_nothing() -> None:
    held = [a_part("short", 2), a_part("long", SHOWN_ROWS + 1), a_part("none", 0)]
    page = overview(SUBJECT, held, NOW, "A council")
    assert "Mona &lt;Lee&gt;" in page
    assert "<b>" not in page
    assert "&lt;b&gt;short 1&lt;/b&gt;" in page
    assert "long 1" not in page
    assert page.count('href="data/long.csv"') == 2
    assert page.count('href="data/none.csv"') == 1
    assert "<h2>About none</h2>" not in page
