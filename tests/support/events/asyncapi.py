"""docs/asyncapi.yaml as a test reads it: which events there are, and whether one fits its description."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

DOCUMENT = Path(__file__).parents[3] / "docs" / "asyncapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    found: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text())
    return found


def described_types() -> set[str]:
    """The types of events that the document describes."""
    return {message["name"] for message in document()["components"]["messages"].values()}


def misfits(event: dict[str, Any]) -> list[str]:
    """In what an event differs from its description; empty when it fits."""
    if event.get("type") not in described_types():
        return [f"{event.get('type')} is not described"]
    return [error.message for error in _validator(event["type"]).iter_errors(json.loads(json.dumps(event)))]


@cache
def _validator(kind: str) -> Draft202012Validator:
    messages = document()["components"]["messages"].values()
    payload = next(message["payload"] for message in messages if message["name"] == kind)
    schema = {**payload, "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())
