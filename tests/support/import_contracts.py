"""Contracts of imports by the names of modules, for `lint-imports` (pyproject.toml).

import-linter's own wildcards stand for whole names, so that `*_pages` can't be said in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output


class NamesApart(Contract):
    """Modules of some names are not imported by modules of some names. What is imported by way of others counts too.

    importers, forbidden: names with `*` for any characters, dots too.
    siblings_of: a package; importing within one of its children is allowed. Then only what is imported outright counts:
    one area may use another, which uses its own.
    exempt_importers: names that may import all.
    """

    type_name = "names_apart"

    importers = fields.ListField(subfield=fields.StringField())
    forbidden = fields.ListField(subfield=fields.StringField())
    siblings_of = fields.StringField(required=False)
    exempt_importers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Kept when no chain is found."""
        chains = list(self._chains(graph))
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """A line for each chain."""
        for chain in check.metadata["chains"]:
            output.print_error(" -> ".join(chain))

    def _chains(self, graph: grimp.ImportGraph) -> Iterable[tuple[str, ...]]:
        exempt: Any = self.exempt_importers or ()
        for importer in sorted(graph.modules):
            if not _is_named(importer, self.importers) or _is_named(importer, exempt):
                continue
            if self.siblings_of:
                found = graph.find_modules_directly_imported_by(importer)
                yield from ((importer, one) for one in sorted(found) if self._is_apart(importer, one))
                continue
            for one in sorted(graph.find_upstream_modules(importer)):
                if self._is_apart(importer, one):
                    yield graph.find_shortest_chain(importer, one) or (importer, one)

    def _is_apart(self, importer: str, imported: str) -> bool:
        if not _is_named(imported, self.forbidden):
            return False
        package: Any = self.siblings_of
        return not package or child_of(package, importer) != child_of(package, imported)


def child_of(package: str, module: str) -> str:
    """The child of a package that a module is, or is in: `services.portal.money` for `services.portal.money.runs.api`."""
    return ".".join(module.split(".")[: package.count(".") + 2])


def _is_named(module: str, patterns: Any) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)
