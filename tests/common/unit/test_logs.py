"""What a log line says, and what it never says."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from libs.common.process import logs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Call it for the lines written so far, as dicts."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("ingest", "worker")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = handlers, level


def test_a_line_says_who_when_and_what(lines: Any) -> None:
    logs.log("here").info("file_applied", file_id="f-1", rows=7)
    [line] = lines()
    assert line["event"] == "file_applied"
    assert (line["service"], line["process"], line["level"]) == ("ingest", "worker", "info")
    assert (line["file_id"], line["rows"]) == ("f-1", 7)
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "new_password",
        "code",
        "login_code",
        "digits",
        "forename",
        "client_surname",
        "name",
        "clientName",
        "date_of_birth",
        "Client DOB",
        "comments",
        "VisitComments",
        "nhs_number",
        "api_token",
        "Authorization",
    ],
)
def test_secret_and_personal_values_are_redacted(lines: Any, key: str) -> None:
    logs.log("here").info("seen", **{key: "Aled"}, nested={"rows": [{key: "Aled"}]})
    [line] = lines()
    assert line[key] == logs.REDACTED
    assert "Aled" not in json.dumps(line)


@pytest.mark.parametrize("key", ["file_id", "queue_name", "error_code", "client_id", "cause_id", "row"])
def test_ids_and_names_of_things_stay(lines: Any, key: str) -> None:
    logs.log("here").info("seen", **{key: "x-1"})
    assert lines()[0][key] == "x-1"


def test_passwords_in_addresses_are_redacted(lines: Any) -> None:
    logs.log("here").info("connecting to amqp://ann:hunter2@127.0.0.1/x", url="postgresql://u:hunter2@h/d")
    logging.getLogger("library").warning("lost %s", "amqp://ann:hunter2@127.0.0.1/x")
    assert "hunter2" not in json.dumps(lines())
    assert "amqp://ann:[redacted]@127.0.0.1/x" in lines()[1]["event"]


def test_lines_of_libraries_have_the_same_form(lines: Any) -> None:
    logs.bind(cause_id="f-1")
    try:
        logging.getLogger("some.library").warning("lost %s of %s", 1, 2)
    finally:
        logs.unbind("cause_id")
    [line] = lines()
    assert line["event"] == "lost 1 of 2"
    assert (line["logger"], line["service"], line["cause_id"]) == ("some.library", "ingest", "f-1")


def test_bound_facts_end_with_their_block(lines: Any) -> None:
    with logs.bound(cause_id="f-1"):
        logs.log("here").info("inside")
    logs.log("here").info("outside")
    inside, outside = lines()
    assert inside["cause_id"] == "f-1"
    assert "cause_id" not in outside


def test_an_exception_says_its_kind_and_place_and_no_data(lines: Any) -> None:
    try:
        int("Aled")
    except ValueError:
        logs.log("here").exception("failed")
        logging.getLogger("library").exception("failed there")
    for line in lines():
        assert line["exception"] == "builtins.ValueError"
        assert "test_logs.py" in line["raised_at"][-1]
    assert "Aled" not in json.dumps(lines())
