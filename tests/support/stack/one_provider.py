"""A provider for tests on a shared stack: one client, one package, and names that are nobody else's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.stack.stack import Stack

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Provider:
    """A provider whose client's package is paid at 20.00 an hour."""

    number: int
    folder: Path

    @property
    def name(self) -> str:
        return f"Willow Care {self.number} Ltd"

    @property
    def service(self) -> str:
        return f"Willow Care {self.number} - DAPL Oxford"

    @property
    def ssref(self) -> str:
        return f"W{self.number}"

    @property
    def cpli_id(self) -> int:
        return 900_000_000 + self.number

    def care_row(self, **cells: Any) -> dict[str, str]:
        """A row of care of this provider's client."""
        own = {"SSRef": self.ssref, "OrganisationName": self.name, "ServiceName": self.service}
        return a_care_row(**({"cpli_id": self.cpli_id} | own | cells))

    def row(self, **cells: str) -> tuple[str, ...]:
        """A visit of half an hour on 1 August 2022, as planned: £10.00."""
        times = {"DeliveredEntryTime": "09:00", "DeliveredExitTime": "09:30"}
        return a_row(**({"SSRef": self.ssref, "ServiceName": self.service} | times | cells))

    def file(self, content: str | bytes, name: str = "visits.csv") -> Path:
        """This content as a file."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def visits(self, *rows: tuple[str, ...]) -> Path:
        """A visits file of these rows."""
        return self.file(a_file(*rows))

    def import_care(self, stack: Stack, *rows: dict[str, str]) -> Any:
        """Import these rows of care, or the one of the package; the document."""
        return stack.ask("care", "import", self.file(a_care_file(*rows or [self.care_row()]), "care.csv"))

    def import_visits(self, stack: Stack, file: Path, *options: str) -> Any:
        """Import a visits file; the document."""
        return stack.ask("visits", "import", file, "--organisation", self.name, *options)

    def pay(self, stack: Stack, *rows: tuple[str, ...]) -> Any:
        """Import these visits, or the one, and confirm them; the document."""
        return self.import_visits(stack, self.visits(*rows or [self.row()]), "--confirm")


def a_provider(folder: Path) -> Provider:
    """A provider that no test has had before."""
    return Provider(next(_numbers), folder)
