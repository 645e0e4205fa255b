"""docker-compose.yml and the Dockerfile as an engine would read them: what each container runs, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]

from deploy.local.home import PROJECT

IMAGE = "caretally"
_VARIABLE = re.compile(r"\$\{(\w+)(?:(:?)-([^}]*))?\}")


@dataclass(frozen=True)
class Container:
    """One service of ours: the arguments of its entry point, and all of its environment."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    health: tuple[str, ...]
    """the command that tells whether it is ready; empty for what only runs once"""


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
    """`${NAME-default}` and `${NAME:-default}` as an engine reads them."""

    def value(found: re.Match[str]) -> str:
        name, colon, default = found.groups()
        is_set = bool(given.get(name)) if colon else name in given
        return given[name] if is_set else default or ""

    return _VARIABLE.sub(value, text)


def containers(given: Mapping[str, str] | None = None) -> list[Container]:
    """Those of our own image."""
    return [
        Container(
            name,
            tuple(service["command"]),
            image_environment() | {name: str(value) for name, value in service["environment"].items()},
            tuple(service.get("healthcheck", {}).get("test", ["CMD"])[1:]),
        )
        for name, service in compose_file(given)["services"].items()
        if service["image"] == IMAGE
    ]


def dockerfile() -> list[str]:
    """Its instructions, each on one line."""
    text = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def image_environment() -> dict[str, str]:
    """What the image sets."""
    (line,) = (line for line in dockerfile() if line.startswith("ENV "))
    return dict(part.split("=", 1) for part in line.split()[1:])
