"""Disputes about visits, and about weeks of care."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.cases import SaidInCase, SentAttachment
from libs.common.seams.disputes.disputes import (
    Dispute,
    DisputeOfVisit,
    DisputeToRaise,
    OpenDispute,
    ResolvedDisputes,
)
from services.portal.clients.payload_types import Day, Id
from services.portal.clients.service_client import ServiceClient


class DisputesPart(ServiceClient):
    """A part of DisputesClient."""

    def dispute(self, *, case_id: Id) -> Dispute:
        """A dispute with its conversation and its visits. Raises Refused ``not_found``."""
        return self._ask("dispute", case_id=case_id)

    def disputes_of_visits(self, *, refs: Sequence[tuple[str, str]]) -> list[DisputeOfVisit]:
        """The open disputes about these (organisation id, VisitRef)."""
        return self._ask("disputes_of_visits", refs=refs)

    def open_disputes(self, *, first: Day, last: Day) -> list[OpenDispute]:
        """The open disputes about days between two."""
        return self._ask("open_disputes", first=first, last=last)

    def raise_disputes(self, *, disputes: Sequence[DisputeToRaise]) -> list[str]:
        """Raise all of these, or none; the ids of those that began. Raises Refused ``already_disputed`` and others."""
        return self._ask("raise_disputes", disputes=disputes)

    def resolve_disputes(self, *, case_ids: Sequence[str], message_id: Id, words: str) -> ResolvedDisputes:
        """Resolve many disputes with the same words. Raises Refused ``not_found`` and ``not_allowed``."""
        return self._ask("resolve_disputes", case_ids=case_ids, message_id=message_id, words=words)

    def withdraw(
        self, *, case_id: Id, message_id: Id, words: str, attachments: Sequence[SentAttachment] = ()
    ) -> SaidInCase:
        """Resolve an overdue dispute and have its visits, or its actual, deleted. Raises Refused ``not_found``."""
        said = {"message_id": message_id, "words": words, "attachments": attachments}
        return self._ask("withdraw_disputed", case_id=case_id, **said)
