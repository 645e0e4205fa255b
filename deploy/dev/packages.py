"""What the image is made of, and what is known against it: `make sbom` and `make audit`.

The list of all packages is made from `image.lock`, each with its hashes, by cyclonedx-bom. Weaknesses are asked for by
pip-audit. Where there is nobody to ask, this says so and ends with NO_DATA: silence is no good news. Before anything is
believed, the one who answers must know of a weakness that is known everywhere (KNOWN).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from deploy.local.home import PROJECT

LOCK: Final = PROJECT / "image.lock"
SBOM: Final = PROJECT / "build" / "sbom.json"
KNOWN: Final = "jinja2==2.4.1"
"""A package that has had published weaknesses for years. Who knows of none in it knows nothing."""
GOOD, WEAK, NO_DATA = 0, 1, 3
"""How `audit` ends."""
SECONDS: Final = 300
NOBODY: Final = (
    "There is no data: {why}. Nothing is said about weaknesses of the packages. Ask again from a machine that reaches"
    " a database of advisories, or look each line of the bill of materials (make sbom) up by hand."
)


class NoData(Exception):
    """Nobody answered what is known against packages; it says why."""


def write_sbom(target: Path) -> int:
    """Write the bill of materials of the image; how many packages it names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    options = [
        "--pyproject",
        str(PROJECT / "pyproject.toml"),
        "--mc-type",
        "application",
        "--output-reproducible",
    ]
    command = ["-m", "cyclonedx_py", "requirements", *options, "--of", "JSON", "-o", str(target), str(LOCK)]
    done = subprocess.run([sys.executable, *command], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"cyclonedx-bom failed: {done.stderr.strip()[-500:]}")
    return len(json.loads(target.read_text())["components"])


def audit(lock: Path, *options: str) -> list[str]:
    """What is known against the packages of a lock file: a line for each weakness.

    options: of pip-audit, such as another service to ask. Raises NoData.
    """
    if not _ask(_file_of(KNOWN), "--no-deps", *options):
        raise NoData(f"who answers knows of no weakness even of {KNOWN}, which has several")
    return _ask(lock, "--require-hashes", *options)


def _ask(requirements: Path, *options: str) -> list[str]:
    """The weaknesses of what a file names. Raises NoData."""
    command = [
        "-m",
        "pip_audit",
        "-r",
        str(requirements),
        "--disable-pip",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    try:
        done = subprocess.run(
            [sys.executable, *command, *options],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=SECONDS,
        )
        found: Any = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise NoData(f"nobody answered within {SECONDS} seconds") from None
    except ValueError:
        raise NoData(_why(done.stderr)) from None
    return weaknesses_in(found)


def weaknesses_in(found: dict[str, Any]) -> list[str]:
    """One line for each weakness in pip-audit's document. Raises NoData where a package was left out."""
    left_out = [
        f"{each['name']} ({each['skip_reason']})" for each in found["dependencies"] if "skip_reason" in each
    ]
    if left_out or not found["dependencies"]:
        raise NoData(f"nothing was said about {', '.join(left_out) or 'any package'}")
    return [
        f"{each['name']} {each['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for each in found["dependencies"]
        for weakness in each["vulns"]
    ]


def _why(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"pip-audit got no answer ({lines[-1][:200]})" if lines else "pip-audit got no answer"


def _file_of(requirement: str) -> Path:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
        file.write(requirement + "\n")
    return Path(file.name)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.dev.packages")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sbom", help="write the bill of materials").add_argument(
        "target", nargs="?", type=Path, default=SBOM
    )
    asking = commands.add_parser("audit", help="ask for known weaknesses: 0 none, 1 some, 3 nobody knows")
    asking.add_argument("--service", default="pypi", help="whom pip-audit asks: pypi, osv or esms")
    given = parser.parse_args(arguments)
    if given.command == "sbom":
        count = write_sbom(given.target)
        print(f"{given.target} names {count} packages.")
        return GOOD
    try:
        weaknesses = audit(LOCK, "--vulnerability-service", given.service)
    except NoData as nobody:
        print(NOBODY.format(why=nobody), file=sys.stderr)
        return NO_DATA
    for line in weaknesses:
        print(line)
    print(f"{len(weaknesses)} known weaknesses in the packages of {LOCK.name}.")
    return WEAK if weaknesses else GOOD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
