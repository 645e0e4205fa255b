"""Cases of every kind, and what is said in them."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.cases import (
    CaseCount,
    CaseWithMessages,
    ListedCase,
    SaidInCase,
    SentAttachment,
    StoredAttachment,
)
from services.portal.clients.payload_types import After, Day, Id
from services.portal.clients.service_client import ServiceClient


class CasesClient(ServiceClient):
    """A part of DisputesClient."""

    def cases(
        self,
        *,
        kind: str,
        limit: int,
        after: After | None = None,
        order: str = "newest",
        organisation_id: str | None = None,
        states: Sequence[str] = (),
        is_over: bool = False,
        is_overdue: bool = False,
        turn: str | None = None,
        client: str | None = None,
        clients: Sequence[str] | None = None,
        cpli_id: int | None = None,
        first_on: Day | None = None,
        last_on: Day | None = None,
        case_ids: Sequence[str] | None = None,
    ) -> list[ListedCase]:
        """A page of cases by when they began: without ``states`` those that are open, or over. ``clients``: identifiers of one."""
        return self._ask(
            "cases",
            kind=kind,
            limit=limit,
            after=after,
            order=order,
            organisation_id=organisation_id,
            states=states,
            is_over=is_over,
            is_overdue=is_overdue,
            turn=turn,
            client=client,
            clients=clients,
            cpli_id=cpli_id,
            first_on=first_on,
            last_on=last_on,
            case_ids=case_ids,
        )

    def case(self, *, kind: str, case_id: Id) -> CaseWithMessages:
        """A case with its conversation. Raises Refused ``not_found``."""
        return self._ask("case", kind=kind, case_id=case_id)

    def say(
        self,
        *,
        kind: str,
        case_id: Id,
        message_id: Id,
        words: str,
        move: str = "",
        attachments: Sequence[SentAttachment] = (),
    ) -> SaidInCase:
        """Say something in a case, and make a move by it. Raises Refused ``not_found`` and ``not_allowed``."""
        about = {"kind": kind, "case_id": case_id, "message_id": message_id}
        return self._ask("say", **about, move=move, words=words, attachments=attachments)

    def known_cases(self, *, kind: str, case_ids: Sequence[str]) -> list[str]:
        """Which of these are cases of a kind that the caller may see."""
        return self._ask("known_cases", kind=kind, case_ids=case_ids)

    def attachment(self, *, attachment_id: Id) -> StoredAttachment:
        """Where an attachment lies. Raises Refused ``not_found``."""
        return self._ask("attachment", attachment_id=attachment_id)

    def case_counts(self) -> dict[str, CaseCount]:
        """By kind how many cases are open, and how many await the caller's side."""
        return self._ask("case_counts")
