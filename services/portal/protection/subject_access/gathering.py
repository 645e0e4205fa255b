"""All that services and the portal hold about a person, written into a folder: a CSV file for each part, and the files.

Other people are left out or made unreadable here where services can't: carers have numbers in place of references.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from libs.common.files.objects import size_of_object
from libs.common.rpc import SYSTEM
from libs.common.seams.matching.clients import DataSubject
from libs.common.seams.subjects import AskedAbout, Cell, HeldPart
from libs.common.subjects.parts import CARER, STORED_AS
from services.portal.clients import all_clients
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.clients.service_client import ServiceClient
from services.portal.protection.subject_access import rules
from services.portal.protection.subject_access.folder import Folder
from services.portal.protection.subject_access.parts import SHOWN_ROWS, Held, OwnPart, Rows
from services.portal.web.downloads.csv_out import MARK, csv_part

PROVIDER: Final = "Provider"
NOT_KEPT: Final = "(not kept any more)"


class Gatherer:
    """Asks services on behalf of the system: whoever asked for the export was allowed to."""

    def __init__(self, gateway: Gateway, folder: Folder, subject: DataSubject) -> None:
        self._clients = all_clients(gateway, SYSTEM)
        self._matching = MatchingClient(gateway, SYSTEM)
        self._folder, self._subject = folder, subject
        self._providers: Mapping[str, str] = self._matching.organisation_names(organisation_ids=None)
        self._carers: dict[tuple[Cell, Cell], str] = {}

    def gather(self, own: Sequence[OwnPart]) -> list[Held]:
        """Write all parts. Raises ServiceUnavailable and Refused; what is written by then is of no use."""
        found = []
        for client in self._clients:
            for part in client.held_parts():
                found.append(self._write(part, self._rows(client, part)))
        return found + [self._write(each.part, each.rows()) for each in own]

    def _rows(self, client: ServiceClient, part: HeldPart) -> Rows:
        if not part["by_visits"]:
            yield from self._pages(client, part, [])
            return
        for visits in self._visits():
            yield from self._pages(client, part, visits)

    def _visits(self) -> Iterator[list[tuple[str, str]]]:
        """The person's visits, some at a time."""
        after: str | None = None
        while True:
            page = self._matching.visits_of_subject(client_ids=self._subject["client_ids"], after=after)
            if page["visits"]:
                yield page["visits"]
            if (after := page["after"]) is None:
                return

    def _pages(self, client: ServiceClient, part: HeldPart, visits: list[tuple[str, str]]) -> Rows:
        subject = self._subject
        about: AskedAbout = {
            "client_ids": subject["client_ids"],
            "meant": subject["meant"],
            "cpli_ids": subject["cpli_ids"],
            "visits": visits,
        }
        after: str | None = None
        while True:
            page = client.held_rows(part=part["name"], about=about, after=after)
            yield from page["rows"]
            if (after := page["after"]) is None:
                return

    def _write(self, part: HeldPart, rows: Rows) -> Held:
        """One part as a CSV file, and then the files that it names."""
        held = Held(part, rules.place_of(part["name"], is_prose=part["is_prose"]))
        files: list[tuple[str, str]] = []
        with self._folder.opened(held.path) as file:
            file.write(f"{MARK}{csv_part([part['headings']])}".encode())
            while some := [self._readable(part, row, files) for row in itertools.islice(rows, 500)]:
                file.write(
                    csv_part([["" if cell is None else cell for cell in row] for row in some]).encode()
                )
                held.count += len(some)
                held.first += some[: SHOWN_ROWS + 1 - len(held.first)]
        for key, path in files:
            self._folder.copy_object(path, key)
        return held

    def _readable(self, part: HeldPart, row: list[Cell], files: list[tuple[str, str]]) -> list[Cell]:
        named = dict(zip(part["headings"], row, strict=True))
        if named.get(PROVIDER) in self._providers:
            named[PROVIDER] = self._providers[str(named[PROVIDER])]
        if named.get(CARER):
            named[CARER] = self._number_of_carer(named.get(PROVIDER), named[CARER])
        if key := named.get(STORED_AS):
            named[STORED_AS] = self._file(part, str(key), str(named.get("Name") or ""), files)
        return [*named.values()]

    def _number_of_carer(self, provider: Cell, carer: Cell) -> str:
        return self._carers.setdefault((provider, carer), f"Carer {len(self._carers) + 1}")

    def _file(self, part: HeldPart, key: str, name: str, files: list[tuple[str, str]]) -> str:
        """Where a stored object will lie in the folder."""
        if size_of_object(key) is None:
            return NOT_KEPT
        path = rules.place_of_file(part["name"], len(files) + 1, name)
        files.append((key, path))
        return path
