"""An exception is made where it is raised."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILT_IN = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}


def name_of(node: ast.expr) -> str:
    """The last part of a name; nothing for what is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_no_module_keeps_an_exception_to_be_raised_again_and_again() -> None:
    """Each raise would add its frames to those before, and hold all that they knew for as long as the process lives."""
    trees = {
        path: ast.parse(path.read_text())
        for folder in ("libs", "services", "deploy")
        for path in (ROOT / folder).rglob("*.py")
    }
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    exceptions, before = set(BUILT_IN), 0
    while len(exceptions) > before:
        before = len(exceptions)
        exceptions |= {one.name for one in classes if exceptions & {*map(name_of, one.bases)}}
    kept = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and name_of(node.value.func) in exceptions
    ]
    assert "Refused" in exceptions
    assert kept == []
