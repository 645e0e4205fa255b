"""One-off claims."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from libs.common.seams.disputes.cases import SaidInCase, SentAttachment
from libs.common.seams.disputes.claims import Claim, ListedClaim, StayFacts
from services.portal.clients.payload_types import After, Day, Id
from services.portal.clients.service_client import ServiceClient


class ClaimsClient(ServiceClient):
    """A part of DisputesClient."""

    def claims(
        self,
        *,
        limit: int,
        after: After | None = None,
        organisation_id: str | None = None,
        states: Sequence[str] = (),
        financial_year: str | None = None,
        service_id: str | None = None,
        clients: Sequence[str] | None = None,
    ) -> list[ListedClaim]:
        """A page of claims, the newest first; of all states where none is named. ``clients``: identifiers of one."""
        return self._ask(
            "claims",
            limit=limit,
            after=after,
            organisation_id=organisation_id,
            states=states,
            financial_year=financial_year,
            service_id=service_id,
            clients=clients,
        )

    def claim(self, *, claim_id: Id) -> Claim:
        """A claim with its items and its conversation. Raises Refused ``not_found``."""
        return self._ask("claim", claim_id=claim_id)

    def draft_claim(
        self,
        *,
        claim_id: Id,
        service_name: str,
        service_id: str | None,
        contract: str,
        financial_year: str,
        words: str,
    ) -> None:
        """Begin a claim, once for its id. Raises Refused ``not_allowed`` for the council."""
        self._ask(
            "draft_claim",
            claim_id=claim_id,
            service_name=service_name,
            service_id=service_id,
            contract=contract,
            financial_year=financial_year,
            words=words,
        )

    def save_claim_item(
        self,
        *,
        claim_id: Id,
        item_id: Id,
        version_id: Id,
        description: str,
        client_reference: str,
        amount: Decimal | str,
        admitted_on: Day,
        resumed_on: Day | None,
        told_on: Day | None,
        is_planned_respite: bool,
        attachments: Sequence[SentAttachment] = (),
    ) -> None:
        """Add an item to a draft, or change one. Raises Refused ``wrong_state``, ``too_many_items`` and others."""
        self._ask(
            "save_claim_item",
            claim_id=claim_id,
            item_id=item_id,
            version_id=version_id,
            description=description,
            client_reference=client_reference,
            amount=amount,
            admitted_on=admitted_on,
            resumed_on=resumed_on,
            told_on=told_on,
            is_planned_respite=is_planned_respite,
            attachments=attachments,
        )

    def remove_claim_item(self, *, claim_id: Id, item_id: Id, version_id: Id) -> None:
        """Take an item out of a draft. Raises Refused ``not_found`` and ``wrong_state``."""
        self._ask("remove_claim_item", claim_id=claim_id, item_id=item_id, version_id=version_id)

    def amend_claim_item(
        self,
        *,
        claim_id: Id,
        item_id: Id,
        version_id: Id,
        seen: int,
        amount: Decimal | str,
        is_included: bool,
        note: str,
    ) -> None:
        """Change an item's amount, include or exclude it. Raises Refused ``seen_another``, ``note_wanted`` and others."""
        about = {"claim_id": claim_id, "item_id": item_id, "version_id": version_id, "seen": seen}
        self._ask("amend_claim_item", **about, amount=amount, is_included=is_included, note=note)

    def cancel_claim(self, *, claim_id: Id, message_id: Id) -> None:
        """Drop a draft. Raises Refused ``not_found`` and ``wrong_state``."""
        self._ask("cancel_claim", claim_id=claim_id, message_id=message_id)

    def work_out_claim(self, *, claim_id: Id, facts: Sequence[StayFacts]) -> Claim:
        """A claim with what its items are worth by the visits of today. Raises Refused ``not_found``."""
        return self._ask("work_out_claim", claim_id=claim_id, facts=facts)

    def submit_claim(
        self, *, claim_id: Id, message_id: Id, words: str, facts: Sequence[StayFacts]
    ) -> SaidInCase:
        """Hand a draft to the council; rejected at once where the contract pays none. Raises Refused ``no_items``."""
        said = {"message_id": message_id, "words": words}
        return self._ask("submit_claim", claim_id=claim_id, **said, facts=facts)

    def decide_claim(
        self,
        *,
        claim_id: Id,
        message_id: Id,
        move: str,
        words: str,
        seen: str | None,
        facts: Sequence[StayFacts],
        attachments: Sequence[SentAttachment] = (),
    ) -> SaidInCase:
        """Accept or reject a claim. Raises Refused ``seen_another``, ``nothing_included``, ``paid_already`` and others."""
        said = {"message_id": message_id, "words": words, "attachments": attachments}
        return self._ask("decide_claim", claim_id=claim_id, **said, move=move, seen=seen, facts=facts)
