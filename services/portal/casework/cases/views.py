"""Cases as pages show them: with the names of clients, providers and people."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypedDict, TypeVar

from libs.common.seams.disputes.cases import CaseMessage, CaseWithMessages, ListedCase
from libs.common.seams.matching.line_items import Identifiers
from services.portal.web import access
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_of


class BegunAt(TypedDict):
    """What tells where a case stands in a list: when it began, and its id."""

    opened_at: str
    case_id: str


class OfClient(TypedDict):
    """What is about a client, or about nobody."""

    client_reference: str


class OfProvider(OfClient):
    """What is a provider's."""

    organisation_id: str


class Names(TypedDict):
    """The client's name, as far as it is known, and the provider's."""

    client: str
    organisation: str


class NamedCase(ListedCase, Names):
    """A case of a list, with names."""


class ShownCase(CaseWithMessages, Names):
    """A case with names; ``people``: of those who spoke in it, by their ids."""

    people: dict[str, str]


class SpokenIn(TypedDict):
    """A case of which people are to be named."""

    opened_by: str
    messages: list[CaseMessage]


Listed = TypeVar("Listed", bound=BegunAt)
"""A case in a list of its kind."""


class NamesKnown(NamedTuple):
    """Names by the references of clients and the ids of providers."""

    clients: Mapping[str, str]
    organisations: Mapping[str, str]

    def of(self, row: OfProvider) -> Names:
        """The names for one row."""
        return {
            "client": self.client_of(row),
            "organisation": self.organisations[row["organisation_id"]],
        }

    def client_of(self, row: OfClient) -> str:
        """The client's name, or nothing."""
        return self.clients.get(row["client_reference"], "")


def reference_of(client: Identifiers) -> str:
    """How cases name a client."""
    return client["ssref"] or client["client_ref"] or client["nhs_number"] or ""


def place_of(case: BegunAt) -> tuple[str, str]:
    """Where a case stands in a list."""
    return case["opened_at"], case["case_id"]


def find_names(rows: Iterable[OfProvider], others: Iterable[OfClient] = ()) -> NamesKnown:
    """The names for these rows, and of the clients of others."""
    found = list(rows)
    references = [row["client_reference"] for row in (*found, *others) if row["client_reference"]]
    clients = client_names(gateway(), caller(), references)
    ids = {row["organisation_id"] for row in found}
    return NamesKnown(clients, provider_names(access.the_parts(), gateway(), ids))


def name_cases(found: list[ListedCase]) -> list[NamedCase]:
    """Cases of a list with names."""
    names = find_names(found)
    return [{**case, **names.of(case)} for case in found]


def find_people(case: SpokenIn, *others: str) -> dict[str, str]:
    """The names of who began a case and who spoke in it, and of others by their ids."""
    who = (case["opened_by"], *(message["said_by"] for message in case["messages"]), *others)
    return names_of(access.the_parts(), access.account(), who)


def find_shown_case(kind: str, case_id: uuid.UUID) -> ShownCase:
    """A case with names. Raises Refused ``not_found``."""
    found = disputes().case(kind=kind, case_id=case_id)
    return {**found, **find_names([found]).of(found), "people": find_people(found)}
