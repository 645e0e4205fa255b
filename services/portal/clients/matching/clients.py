"""Clients, what holds for them, and merging two of them."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.clients import (
    CareFound,
    CircumstanceToday,
    Client,
    ClientsPicked,
    ClientWeek,
    DataSubject,
    ListedLineItem,
)
from libs.common.seams.matching.merging import ClientMerge, ClientMergePreview
from libs.common.seams.subjects import VisitsOfSubject
from services.portal.clients.service_client import ServiceClient


class ClientsClient(ServiceClient):
    """A part of MatchingClient."""

    def client(self, *, identifier: str) -> Client:
        """A client by its id or any identifier. Council only; raises Refused ``not_found``."""
        return self._ask("client", identifier=identifier)

    def client_weeks(self, *, client_id: str, limit: int) -> list[ClientWeek]:
        """The newest weeks with visits of a client. Council only."""
        return self._ask("client_weeks", client_id=client_id, limit=limit)

    def data_subject(self, *, identifier: str) -> DataSubject:
        """A person by an id or any identifier, with all that ever named them. Raises Refused ``not_found``."""
        return self._ask("data_subject", identifier=identifier)

    def visits_of_subject(self, *, client_ids: Sequence[str], after: str | None) -> VisitsOfSubject:
        """A page of a person's visits. Council only."""
        return self._ask("visits_of_subject", client_ids=client_ids, after=after)

    def client_names(self, *, identifiers: Sequence[str]) -> dict[str, str]:
        """The names of clients by these identifiers, of those whom the caller has care of."""
        return self._ask("client_names", identifiers=identifiers)

    def client_identifiers(self, *, identifier: str) -> list[str]:
        """All identifiers, former ones too, of the client that is known by this one; none for a stranger."""
        return self._ask("client_identifiers", identifier=identifier)

    def client_list(
        self, *, organisation: str | None, identifiers: Sequence[str]
    ) -> list[list[ListedLineItem]]:
        """For each identifier, in their order, the line items of its client with the organisation."""
        return self._ask("client_list", organisation=organisation, identifiers=identifiers)

    def pick_clients(self, *, written: str) -> ClientsPicked:
        """Whom somebody may mean by a name, an identifier or a part of either."""
        return self._ask("pick_clients", written=written)

    def search(self, *, written: str) -> CareFound:
        """Clients and line items by how they begin."""
        return self._ask("search", written=written)

    def circumstances_today(self) -> list[CircumstanceToday]:
        """What holds for clients today, what began last first."""
        return self._ask("circumstances_today")

    def enter_circumstance(
        self, *, client_id: str, kind: str, from_on: str | None, to_on: str | None, note: str
    ) -> str:
        """Note what holds for a client; its id. Raises Refused ``not_found``, ``end_before_start``, ``overlaps``."""
        days = {"from_on": from_on, "to_on": to_on}
        return self._ask("enter_circumstance", client_id=client_id, kind=kind, note=note, **days)

    def end_circumstance(self, *, circumstance_id: str, to_on: str | None) -> str:
        """Say until when a circumstance holds; whose it is. Raises Refused as entering does, and ``wrong_state``."""
        return self._ask("end_circumstance", circumstance_id=circumstance_id, to_on=to_on)

    def withdraw_circumstance(self, *, circumstance_id: str, note: str) -> str:
        """Take back a circumstance that never held; whose it was. Raises Refused ``not_found``, ``wrong_state``."""
        return self._ask("withdraw_circumstance", circumstance_id=circumstance_id, note=note)

    def preview_client_merge(self, *, client: str, into: str) -> ClientMergePreview:
        """What merging two clients, each by its id or any identifier, would do.

        Raises Refused ``not_allowed``, ``not_found``, ``same_client`` and ``in_flight``.
        """
        return self._ask("preview_client_merge", client=client, into=into)

    def merge_clients(self, *, client: str, into: str, reason: str) -> ClientMerge:
        """Merge a client into another. Raises Refused as the preview does."""
        return self._ask("merge_clients", client=client, into=into, reason=reason)
