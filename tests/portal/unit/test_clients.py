"""Typed clients ask by names; whether their services answer to these is known to no type checker."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CLIENTS = ROOT / "services" / "portal" / "clients"
OF_EVERY_SERVICE = ("libs/common/operations/answers.py", "libs/common/proposals/rpc.py")


@pytest.mark.parametrize("service", ["ingest", "matching", "payments", "disputes"])
def test_a_client_asks_only_what_its_service_answers(service: str) -> None:
    files = [*(ROOT / "services" / service).glob("service*.py"), *(ROOT / one for one in OF_EVERY_SERVICE)]
    answers = {name for file in files for name in answered_in(file)}
    asked = {
        name for file in [*(CLIENTS / service).glob("*.py"), *CLIENTS.glob("*.py")] for name in asked_in(file)
    }
    assert answers
    assert asked <= answers


def answered_in(file: Path) -> Iterator[str]:
    """The methods of service classes: lines of answer_by, parts of what is held about people, and what is marked as answering."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="answer_by"))):
                yield name
            case ast.Assign(
                targets=[ast.Tuple(elts=names)], value=ast.Call(func=ast.Name(id="answers_about"))
            ):
                yield from (name.id for name in names if isinstance(name, ast.Name))
            case ast.FunctionDef(name=name, decorator_list=[ast.Call(func=ast.Name(id="answering"))]):
                yield name


def asked_in(file: Path) -> Iterator[str]:
    """The methods that clients ask for."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(attr="_ask"), args=[ast.Constant(value=str(name)), *_]):
                yield name
