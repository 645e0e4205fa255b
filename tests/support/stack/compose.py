"""docker-compose.yml and the Dockerfile as an engine would read them: what each container runs, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]

from deploy.local.home import PROJECT

IMAGE = "caretally"
_VARIABLE = re.compile(r"\$\{(\w+)(?:(:?)([-?])([^}]*))?\}")
TRYING_OUT = {"CARETALLY_SECRETS": "./deploy/trying-out", "CARETALLY_TRYING_OUT": "1"}
"""What is set to try it out."""


class NotSet(Exception):
    """A variable that an engine wants set; str() is what the engine says."""


@dataclass(frozen=True)
class Container:
    """One service of ours: the arguments of its entry point, and all of its environment."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    secrets: dict[str, str]
    """which file of the machine each file is that an engine gives it, by the path inside"""
    health: tuple[str, ...]
    """the command that tells whether it is ready; empty for what only runs once"""
    by_request: bool
    """whether it runs only when an operator asks for it by name"""


def compose_file(given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file with its variables filled in; `given` are those that are set."""
    found: dict[str, Any] = _each_filled(
        yaml.safe_load((PROJECT / "docker-compose.yml").read_text()), given or {}
    )
    return found


def _each_filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _each_filled(part, given) for name, part in value.items()}
    if isinstance(value, list):
        return [_each_filled(part, given) for part in value]
    return fill_in(value, given) if isinstance(value, str) else value


def fill_in(text: str, given: Mapping[str, str]) -> str:
    """`${NAME-default}`, `${NAME:-default}` and `${NAME:?why}` as an engine reads them. Raises NotSet."""

    def value(found: re.Match[str]) -> str:
        name, colon, kind, default = found.groups()
        is_set = bool(given.get(name)) if colon else name in given
        if kind == "?" and not is_set:
            raise NotSet(f"{name}: {default}")
        return given[name] if is_set else default or ""

    return _VARIABLE.sub(value, text)


def containers(given: Mapping[str, str] | None = None) -> list[Container]:
    """Those of our own image."""
    file = compose_file(TRYING_OUT if given is None else given)
    return [
        Container(
            name,
            tuple(service["command"]),
            image_environment() | {name: str(value) for name, value in service["environment"].items()},
            _secret_files(file, service),
            tuple(service.get("healthcheck", {}).get("test", ["CMD"])[1:]),
            by_request="profiles" in service,
        )
        for name, service in file["services"].items()
        if service["image"] == IMAGE
    ]


def _secret_files(file: dict[str, Any], service: dict[str, Any]) -> dict[str, str]:
    """Those of `secrets:`, and those of a whole folder of them."""
    found = {f"/run/secrets/{name}": file["secrets"][name]["file"] for name in service.get("secrets", ())}
    for volume in service.get("volumes", ()):
        source, target = volume.split(":")[:2]
        if target == "/run/caretally":
            found |= {
                f"{target}/{path.relative_to(PROJECT / source)}": str(path)
                for path in (PROJECT / source).rglob("*_password")
            }
    return found


def dockerfile() -> list[str]:
    """Its instructions, each on one line."""
    text = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def image_environment() -> dict[str, str]:
    """What the image sets."""
    (line,) = (line for line in dockerfile() if line.startswith("ENV "))
    return dict(part.split("=", 1) for part in line.split()[1:])
