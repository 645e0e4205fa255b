"""How the portal is laid out: folders that can be looked through, chains of imports that can be followed."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[3]
MOST_IN_A_FOLDER = 15
LONGEST_CHAIN = 10


def folders_of(*names: str) -> Counter[Path]:
    """How many modules each folder of these has, but for migrations, which are told by their numbers."""
    modules = (path for name in names for path in (ROOT / name).rglob("*.py") if path.name != "__init__.py")
    return Counter(path.parent for path in modules if "migrations" not in path.parts)


def test_no_folder_of_the_portal_is_longer_than_a_screen() -> None:
    crowded = {str(folder): n for folder, n in folders_of("services/portal").items() if n > MOST_IN_A_FOLDER}
    assert crowded == {}


def test_every_folder_with_modules_is_a_package() -> None:
    """What is none is seen by no import contract and left out of an installation."""
    folders = folders_of("libs", "services", "deploy")
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.fixture(scope="module")
def imports() -> dict[str, frozenset[str]]:
    """What each module of the portal imports of the portal."""
    graph = grimp.build_graph("services", cache_dir=None)
    own = {name for name in graph.modules if name.startswith("services.portal.")}
    return {name: frozenset(graph.find_modules_directly_imported_by(name) & own) for name in own}


def test_no_chain_of_imports_is_longer_than_ten_modules(imports: dict[str, frozenset[str]]) -> None:
    @functools.cache
    def longest(module: str) -> tuple[str, ...]:
        return (module, *max(map(longest, sorted(imports[module])), key=len, default=()))

    chain = max(map(longest, imports), key=len)
    assert len(chain) <= LONGEST_CHAIN, " -> ".join(chain)
