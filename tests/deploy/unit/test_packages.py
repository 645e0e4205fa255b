"""The image's packages: no test tools, all pinned by hash, listed as CycloneDX, and asked after honestly."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy.dev import packages
from deploy.dev.packages import KNOWN, NoData, weaknesses_in
from deploy.local.home import PROJECT

TEST_TOOLS = {
    "pytest",
    "playwright",
    "testcontainers",
    "hypothesis",
    "schemathesis",
    "mypy",
    "ruff",
    "docker",
    "pip-audit",
}


def pinned(lock: str) -> dict[str, str]:
    """Package to version, each pinned by hash."""
    entries = re.split(r"\n(?=\S)", (PROJECT / lock).read_text().strip())
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", "\n".join(entries), re.M))


def test_the_image_holds_what_runs_and_no_test_tool() -> None:
    image, every = pinned("image.lock"), pinned("requirements.lock")
    assert not TEST_TOOLS & image.keys()
    assert every.keys() >= TEST_TOOLS
    assert image.items() <= every.items()
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", each)[0].lower().replace("_", "-") for each in wanted}  # type: ignore[index]
    assert names <= image.keys()


def test_the_image_is_made_of_the_lock_that_has_no_test_tools() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert "--require-hashes -r /build/image.lock" in dockerfile
    assert "requirements.lock" not in dockerfile
    assert {"!image.lock", "deploy/dev", "deploy/examples"} <= set(
        (PROJECT / ".dockerignore").read_text().split()
    )


def test_nothing_that_the_image_holds_needs_what_is_left_out() -> None:
    for folder in ("libs", "services", "deploy/ops", "deploy/cli", "deploy/local"):
        for file in (PROJECT / folder).rglob("*.py"):
            needed = re.findall(
                r"^(?:from|import) (deploy\.(?:dev|examples)\S*|tests\S*)", file.read_text(), re.M
            )
            assert needed == [], file


def test_the_bill_of_materials_names_every_package_with_its_hashes(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    image = pinned("image.lock")
    assert packages.main(["sbom", str(target)]) == 0
    bill = json.loads(target.read_text())
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "caretally")
    found = {each["name"]: each for each in bill["components"]}
    assert {name: each["version"] for name, each in found.items()} == image
    for each in found.values():
        assert each["purl"].startswith("pkg:pypi/"), each
        assert "sha256" in json.dumps(each).lower().replace("-", ""), each


def test_a_weakness_is_a_line_and_what_was_left_out_is_no_good_news() -> None:
    weak = {"id": "PYSEC-1", "fix_versions": ["2.5"]}
    one = {"name": "jinja2", "version": "2.4.1", "vulns": [weak]}
    good = {"name": "flask", "version": "3.1", "vulns": list[Any]()}
    assert weaknesses_in({"dependencies": [one, good]}) == ["jinja2 2.4.1: PYSEC-1, mended in 2.5"]
    for found in ([], [good, {"name": "x", "skip_reason": "not on the index"}]):
        with pytest.raises(NoData):
            weaknesses_in({"dependencies": found})


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({KNOWN: [], "lock": []}, 3),
        ({KNOWN: ["a"], "lock": []}, 0),
        ({KNOWN: ["a"], "lock": ["b"]}, 1),
        ({}, 3),
    ],
)
def test_who_knows_nothing_of_what_all_know_is_not_believed(
    answers: dict[str, list[str]],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ask(requirements: Path, *_: str) -> list[str]:
        key = "lock" if requirements == packages.LOCK else requirements.read_text().strip()
        if key not in answers:
            raise NoData("nobody answered")
        return answers[key]

    monkeypatch.setattr(packages, "_ask", ask)
    assert packages.main(["audit"]) == status
    said = capsys.readouterr()
    assert ("There is no data: " in said.err) is (status == 3)
    assert ("0 known weaknesses" in said.out) is (status == 0)
