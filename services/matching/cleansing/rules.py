"""Which references fit no client of an organisation, and which of its clients are nearest (RULES 16). Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from libs.common.care.nearest import Nearest
from libs.common.files.values import parse_guid, without_spaces
from libs.common.seams.matching.monitoring.cleansing import NearClient, UnknownClient
from services.matching.identifiers.rules import IDENTIFIERS, MARKS

Client = Mapping[str, Any]
KIND_OF_MARK = {mark: kind for kind, mark in MARKS.items()}


def identifiers_of(mark: str, written: str) -> list[str]:
    """As what a reference may be known (``S:…``): by its mark, or of any kind; each in the form that it is kept in."""
    kept = {
        "S": written,
        "C": parse_guid(written) or written,
        "N": without_spaces(written),
    }
    return [f"{kind}:{kept[kind]}" for kind in ([mark] if mark else MARKS.values())]


def unknown_clients(
    references: Iterable[tuple[str, str]],
    named: Mapping[str, bool],
    clients: Sequence[Client],
    *,
    is_council: bool,
) -> list[UnknownClient]:
    """Those of these references (mark, as written) that name no client of the organisation, with the nearest.

    named: which identifiers name a client, and whether one of the organisation. Only its own ``clients`` are looked
    through, so that nobody learns of others; the council alone is told that a reference is one of others.
    """
    near = NearestClients(clients)
    found: list[UnknownClient] = []
    for mark, written in references:
        known = [named[one] for one in identifiers_of(mark, written) if one in named]
        if any(known):
            continue
        found.append(
            {
                "mark": mark,
                "written": written,
                "nearest": near.find(mark, written),
                "is_elsewhere": bool(known) and is_council,
            }
        )
    return found


class NearestClients:
    """Looks for the nearest among an organisation's clients."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self._names: dict[str, str] = {}
        self._nearest: dict[str, Nearest] = {}
        for kind in IDENTIFIERS:
            by_reference = {client[kind]: client for client in clients if client[kind]}
            self._nearest[MARKS[kind]] = Nearest(references=by_reference)
            self._names |= {reference: _name_of(client) for reference, client in by_reference.items()}

    def find(self, mark: str, written: str) -> list[NearClient]:
        """Of the same kind; of the first kind that has any where the kind is not known."""
        for kind in self._kinds(mark):
            if found := self._nearest[kind].references(written):
                return [{"reference": one, "name": self._names[one]} for one in found]
        return []

    def _kinds(self, mark: str) -> Collection[str]:
        return [mark] if mark else list(MARKS.values())


def _name_of(client: Client) -> str:
    return " ".join(filter(None, (client["forename"], client["surname"])))
