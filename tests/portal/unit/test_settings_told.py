"""Evidence knows what each setting was and is: no method that sets something is left out."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from services.portal.clients.gateway import SERVICES
from services.portal.clients.settings import SETTINGS, differences

QUESTIONS = ("set_apart",)
"""What begins with the verb's name and sets nothing."""


def methods_of(service: str) -> dict[str, Any]:
    """The RPC methods of a service, by name."""
    found = importlib.import_module(f"services.{service}.service")
    kind = getattr(found, f"{service.title()}Service")
    return {name: getattr(kind, name) for name in dir(kind) if hasattr(getattr(kind, name), "needs")}


def test_every_method_that_sets_something_has_a_question_that_says_what_it_is() -> None:
    found = {}
    for service in SERVICES:
        methods = methods_of(service)
        for name in methods:
            if name.startswith("set_") and name not in QUESTIONS:
                found[name] = SETTINGS[name].method in methods
    assert found == dict.fromkeys(SETTINGS, True)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ([{"rate": "20"}], [{"rate": "20"}], {}, {}),
        (
            [{"rate": "20"}, {"rate": "5"}],
            [{"rate": "20"}, {"rate": "0"}],
            {"rates": [{"rate": "5"}]},
            {"rates": [{"rate": "0"}]},
        ),
        ([], [{"rate": "0"}], {"rates": []}, {"rates": [{"rate": "0"}]}),
        (7, 8, {"rates": 7}, {"rates": 8}),
        ({"days": 7, "of": [1]}, {"days": 8, "of": [1]}, {"rates days": 7}, {"rates days": 8}),
        ({"of": [1, 2]}, {"of": [2, 3]}, {"rates of": [1]}, {"rates of": [3]}),
        ({}, {"days": 8}, {"rates days": None}, {"rates days": 8}),
    ],
)
def test_what_differs_is_said_as_it_was_and_as_it_is(
    before: object, after: object, old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert differences("rates", before, after) == (old, new)
