"""The identifiers that a row names, as spreadsheets and databases leave them (RULES 3, 19). Pure."""

from typing import NamedTuple

from libs.common.files.identifiers import identifier, is_spreadsheet_number
from libs.common.files.values import parse_guid, without_spaces
from services.ingest.rows.facts import Reference
from services.ingest.rows.words import Problem, problem


class Guid(NamedTuple):
    """A column of GUIDs, canonical ('' when empty or malformed)."""

    ref: str
    problems: tuple[Problem, ...] = ()


class Client(NamedTuple):
    """Whom a row names; each is '' where it is empty."""

    client_ref: str
    ssref: str
    nhs_number: str
    problems: tuple[Problem, ...] = ()


class CarerRef(NamedTuple):
    """Which carer a row names, '' for none."""

    ref: str
    problems: tuple[Problem, ...] = ()


Identifiers = tuple[str, str, str]
"""ClientRef, SSRef and NHSNumber as a row writes them, trimmed."""


def guid_of(column: str, text: str) -> Guid:
    """RULES 3: a malformed GUID rejects the row."""
    text = identifier(text)
    ref = parse_guid(text)
    if ref is None and text:
        return Guid("", (spreadsheet_problem(column, text) or problem("guid_malformed", column, text),))
    return Guid(ref or "")


def client_of(reference: Reference, written: Identifiers) -> Client:
    """RULES 3: a row names its client by one identifier at least, and by none that a spreadsheet has cut."""
    client_ref, problems = guid_of("ClientRef", written[0])
    ssref, nhs_number = identifier(written[1]), without_spaces(identifier(written[2]))
    for column, text in (("SSRef", ssref), ("NHSNumber", nhs_number)):
        if found := spreadsheet_problem(column, text):
            problems += (found,)
    if ssref not in reference.clients and (meant := reference.clients_by_digits.get(ssref)):
        problems += (problem("client_noughts", "SSRef", ssref, meant=meant),)
    if not any(map(identifier, written)):
        problems += (problem("client_missing", "SSRef"),)
    return Client(client_ref, ssref, nhs_number, problems)


def carer_of(reference: Reference, text: str) -> CarerRef:
    """RULES 3: a CarerRef that is not among the carers; RULES 19: one of which a spreadsheet left only a part."""
    ref = identifier(text)
    if not ref or ref in reference.carers:
        return CarerRef(ref)
    if found := spreadsheet_problem("CarerRef", ref):
        return CarerRef(ref, (found,))
    if meant := reference.carers_by_digits.get(ref):
        return CarerRef(ref, (problem("carer_noughts", "CarerRef", ref, meant=meant),))
    return CarerRef(ref, (problem("carer_unknown", "CarerRef", ref),))


def spreadsheet_problem(column: str, text: str) -> Problem | None:
    """RULES 19: ``1.23E+09`` where a reference belongs is refused with the reason."""
    return problem("spreadsheet_number", column, text) if is_spreadsheet_number(text) else None
