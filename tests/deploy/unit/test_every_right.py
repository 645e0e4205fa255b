"""Every RPC method and every command names a right, and does what the table says of it (RULES 14)."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from marshmallow import ValidationError

from deploy.cli.commands import app_for
from deploy.cli.output import Failed
from deploy.cli.rights import needs
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from libs.common.rpc import SYSTEM, Caller

SERVICES = ("ingest", "matching", "payments", "disputes")
CALLERS: dict[str, Caller] = {
    role: {"who": "somebody", "role": "council", "organisation": None, "staff": role}
    for role in table.COUNCIL_ROLES
} | {
    "home_manager": {"who": "somebody", "role": "provider", "organisation": "1"},
    table.OPERATOR: SYSTEM,
}
LEAST_METHODS = 200


class Reached(Exception):
    """The method went on to what it does."""


class NoDatabase:
    """Tells that it was asked for."""

    def transaction(self, _: Caller) -> Any:
        raise Reached


class AnyService:
    """What a method finds as its service."""

    db = NoDatabase()


def methods_of(service: str) -> Iterator[tuple[str, Any]]:
    """The RPC methods of a service, with their names."""
    module = importlib.import_module(f"services.{service}.service")
    for cls in vars(module).values():
        if (
            inspect.isclass(cls)
            and cls.__module__ == module.__name__
            and getattr(cls, "name", None) == service
        ):
            for name, method in inspect.getmembers(cls, callable):
                if getattr(method, "nameko_entrypoints", None):
                    yield name, method


def is_refused(method: Any, caller: Caller) -> bool:
    """Whether a method refuses somebody for the right that they lack."""
    try:
        method(AnyService(), caller)
    except Refused as refused:
        return refused.code == "not_allowed"
    except (Reached, ValidationError, AttributeError, TypeError):  # it went on, and has no payload
        return False
    return False


def test_the_walk_sees_the_methods_of_all_services() -> None:
    assert sum(1 for service in SERVICES for _ in methods_of(service)) > LEAST_METHODS


@pytest.mark.parametrize("service", SERVICES)
def test_every_rpc_method_refuses_whoever_the_table_does_not_name(service: str) -> None:
    faults, refused = [], 0
    for name, method in methods_of(service):
        needed = getattr(method, "needs", ())
        assert needed, f"{service}.{name} names no right: give `answer_by` its needs"
        for role, caller in CALLERS.items():
            is_out = is_refused(method, caller)
            refused += is_out
            if is_out is table.may(role, *needed):
                faults.append(f"{service}.{name} for {role}")
    assert faults == []
    assert refused > 10


@pytest.mark.parametrize("service", SERVICES)
def test_one_of_the_council_who_says_no_role_is_answered_nothing(service: str) -> None:
    nobody: Caller = {"who": "somebody", "role": "council", "organisation": None}
    assert [name for name, method in methods_of(service) if not is_refused(method, nobody)] == []


def commands_of(app: typer.Typer, above: str = "") -> Iterator[tuple[str, Any]]:
    """All commands, with the words that call them."""
    for command in app.registered_commands:
        assert command.callback is not None
        yield f"{above} {command.name or command.callback.__name__}".strip(), command.callback
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands_of(group.typer_instance, f"{above} {group.name}")


def test_every_command_names_a_right_that_the_operator_has() -> None:
    found = dict(commands_of(app_for()))
    assert len(found) > 40
    without = [name for name, command in found.items() if not getattr(command, "needs", ())]
    assert without == [], "give them `@needs`"
    assert [name for name, command in found.items() if not table.may(table.OPERATOR, *command.needs)] == []


@pytest.mark.parametrize("right", sorted(table.PEOPLES))
def test_no_command_does_what_a_person_decides(right: str) -> None:
    @needs(right)
    def command() -> None:
        raise Reached

    with pytest.raises(Failed):
        command()


@pytest.mark.parametrize("needed", [(), ("fly",), (rights.READ_VISITS, "fly")])
def test_a_command_must_name_rights_of_the_table(needed: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="rights of the table"):
        needs(*needed)
