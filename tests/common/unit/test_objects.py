"""Files go to the object store part by part, and large ones wait for each other alone."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from libs.common.files import objects
from libs.common.files.objects import (
    LARGE_BYTES,
    PART_BYTES,
    NoKey,
    digest_of,
    lane_of_object,
    read_object,
    write_object,
)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(objects.OBJECTS_VARIABLE, f"file://{tmp_path}/objects")


class Counted(io.BytesIO):
    """Says how much is read of it at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.most = max(self.most, len(part))
        return part


CONTENT = bytes(range(256)) * 5_000


def test_a_file_is_stored_from_its_beginning_part_by_part() -> None:
    file = Counted(CONTENT)
    assert digest_of(file) == hashlib.sha256(CONTENT).hexdigest() == digest_of(CONTENT)
    write_object("some/file.csv", file)
    assert read_object("some/file.csv") == CONTENT
    assert file.most == PART_BYTES


@pytest.mark.parametrize(
    ("size", "lane"), [(0, "single"), (LARGE_BYTES, "single"), (LARGE_BYTES + 1, "bulk")]
)
def test_large_files_have_a_lane_of_their_own(size: int, lane: str) -> None:
    write_object("a.csv", b"x" * size)
    assert lane_of_object("a.csv") == lane


def test_a_file_that_is_not_there_waits_for_nobody() -> None:
    assert lane_of_object("nowhere.csv") == "single"


@pytest.mark.parametrize(
    "key",
    [
        "", "/", "/etc/passwd", "../outside", "a/../../outside", "a/..", "..", ".", "a/./b", "a//b", "a/", "/a",
        "a\\..\\b", "..\\outside", "a\0b", "a\n", "~/a", "a b", "%2e%2e/a", "file:///etc/passwd", "s3://b/a", "a?b", "a#b",
        "*", "a*", "[a]", "caf\u00e9", "\uff0e\uff0e/a", "x" * 301, "zip://a::b", ".hidden", "a/.b",
    ],
)  # fmt: skip
def test_a_key_that_leads_out_of_the_store_is_refused(key: str, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("not here")
    for use in (read_object, lane_of_object, lambda key: write_object(key, b"x")):
        with pytest.raises(NoKey):
            use(key)
    assert (tmp_path / "outside").read_text() == "not here"


@pytest.mark.parametrize("key", ["link", "folder/outside", "folder/new"])
def test_a_link_leads_out_of_the_store_no_more(key: str, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("not here")
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "objects" / "folder").symlink_to(tmp_path)
    for use in (read_object, lane_of_object, lambda key: write_object(key, b"x")):
        with pytest.raises(NoKey):
            use(key)
    assert (tmp_path / "outside").read_text() == "not here"


def test_the_store_itself_may_be_reached_by_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "by-link").symlink_to(tmp_path / "disk")
    for root in (f"file://{tmp_path}/by-link/", f"{tmp_path}/by-link"):
        monkeypatch.setenv(objects.OBJECTS_VARIABLE, root)
        write_object("a/b.csv", b"x")
        assert read_object("a/b.csv") == b"x"
