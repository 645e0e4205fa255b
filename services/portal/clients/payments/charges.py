"""What clients are charged, and what is asked about it: for the council alone."""

from __future__ import annotations

from libs.common.seams.payments.charges import (
    ChargedClient,
    ChargedClientLine,
    StatementWeek,
    UnansweredQuery,
)
from services.portal.clients.service_client import ServiceClient


class ChargesClient(ServiceClient):
    """A part of PaymentsClient."""

    def charged_clients(
        self, *, start: str, client: str | None, after: tuple[str, str] | None, limit: int
    ) -> list[ChargedClientLine]:
        """A page of the clients with charges in a period, after a (reference, client id)."""
        return self._ask("charged_clients", start=start, client=client, after=after, limit=limit)

    def charged_client(self, *, client_id: str) -> ChargedClient:
        """A client with charges, and what was asked about them."""
        return self._ask("charged_client", client_id=client_id)

    def charge_statement(self, *, client_id: str, first: str, last: str) -> list[StatementWeek]:
        """What a client is charged, week by week, from the week of one day to that of another."""
        return self._ask("charge_statement", client_id=client_id, first=first, last=last)

    def ask_about_charges(self, *, client_id: str, monday: str | None, asked_by: str, words: str) -> None:
        """Keep a query of a client's charges, of one week or of all."""
        self._ask("ask_about_charges", client_id=client_id, monday=monday, asked_by=asked_by, words=words)

    def answer_about_charges(self, *, client_id: str, query_id: str, words: str) -> None:
        """Keep an answer to a query."""
        self._ask("answer_about_charges", client_id=client_id, query_id=query_id, words=words)

    def unanswered_about_charges(self) -> list[UnansweredQuery]:
        """Queries that wait for an answer, the longest waiting first."""
        return self._ask("unanswered_about_charges")
