"""A list that is handed on by reference is read item by item, as it was written."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from libs.common.files.listed import read_listed, write_listed
from libs.common.files.objects import read_object, write_object

LISTS: list[list[Any]] = [
    [],
    [{}],
    [{"a": "é,\n]"}, {"b": [1, None, "],"]}],
    [[1, 2], [], 3, "text", None],
]


@pytest.fixture(autouse=True)
def _objects(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARETALLY_OBJECTS", f"file://{tmp_path_factory.mktemp('objects')}")


@pytest.mark.parametrize("items", LISTS)
def test_a_list_is_read_as_it_was_written(items: list[Any]) -> None:
    key = f"forecasts/{uuid.uuid4()}.json"
    write_listed(key, iter(items))
    assert list(read_listed(key)) == items
    assert json.loads(read_object(key)) == items


@pytest.mark.parametrize("items", LISTS)
def test_a_list_in_one_line_is_read_too(items: list[Any]) -> None:
    key = f"forecasts/{uuid.uuid4()}.json"
    write_object(key, json.dumps(items).encode())
    assert list(read_listed(key)) == items
