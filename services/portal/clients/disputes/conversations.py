"""Actions, payment enquiries and provider-led reviews: begun, and reviews approved."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.cases import (
    BegunCase,
    DeliveryAction,
    DeliveryActionOpened,
    SaidInCase,
    SentAttachment,
)
from libs.common.seams.disputes.facts import ReviewVisit
from services.portal.clients.payload_types import Day, Id
from services.portal.clients.service_client import ServiceClient

ACTIONS_A_CALL = 5_000


class ConversationsClient(ServiceClient):
    """A part of DisputesClient."""

    def open_action(
        self,
        *,
        case_id: Id,
        subject: str,
        words: str,
        organisation_id: str | None = None,
        client_reference: str = "",
        cpli_id: int | None = None,
        attachments: Sequence[SentAttachment] = (),
    ) -> BegunCase:
        """Begin an action; the council names the provider. Raises Refused ``organisation_wanted``."""
        return self._ask(
            "open_action",
            case_id=case_id,
            subject=subject,
            words=words,
            organisation_id=organisation_id,
            client_reference=client_reference,
            cpli_id=cpli_id,
            attachments=attachments,
        )

    def open_delivery_action(
        self,
        *,
        case_id: Id,
        organisation_id: str,
        cpli_id: int,
        client_reference: str,
        subject: str,
        words: str,
    ) -> DeliveryActionOpened:
        """Begin the action of a line item's delivery, or find the open one. Raises Refused ``not_allowed``."""
        return self._ask(
            "open_delivery_action",
            case_id=case_id,
            organisation_id=organisation_id,
            cpli_id=cpli_id,
            client_reference=client_reference,
            subject=subject,
            words=words,
        )

    def delivery_actions(self, *, cpli_ids: Sequence[int]) -> dict[int, DeliveryAction]:
        """The newest action of each line item's delivery, by CpliId; those without one are absent."""
        found: list[DeliveryAction] = []
        for first in range(0, len(cpli_ids), ACTIONS_A_CALL):
            asked = list(cpli_ids[first : first + ACTIONS_A_CALL])
            found += self._ask("delivery_actions", cpli_ids=asked)
        return {one["cpli_id"]: one for one in found}

    def open_enquiry(
        self,
        *,
        case_id: Id,
        subject: str,
        words: str,
        about: str,
        client_reference: str = "",
        cpli_id: int | None = None,
        item_id: str | None = None,
        period_start: Day | None = None,
        week: Day | None = None,
        amount: str | None = None,
        attachments: Sequence[SentAttachment] = (),
    ) -> BegunCase:
        """Question a payment, or a missing one; ``week``: any day of it. Raises Refused ``not_allowed``."""
        return self._ask(
            "open_enquiry",
            case_id=case_id,
            subject=subject,
            words=words,
            about=about,
            client_reference=client_reference,
            cpli_id=cpli_id,
            item_id=item_id,
            period_start=period_start,
            week=week,
            amount=amount,
            attachments=attachments,
        )

    def open_review(
        self,
        *,
        case_id: Id,
        subject: str,
        words: str,
        client_reference: str,
        cpli_id: int,
        first_on: Day,
        last_on: Day,
        visits: Sequence[ReviewVisit],
        attachments: Sequence[SentAttachment] = (),
    ) -> BegunCase:
        """Ask for planned extra care. Raises Refused with the field that it is about."""
        return self._ask(
            "open_review",
            case_id=case_id,
            subject=subject,
            words=words,
            client_reference=client_reference,
            cpli_id=cpli_id,
            first_on=first_on,
            last_on=last_on,
            visits=visits,
            attachments=attachments,
        )

    def approve_review_internally(
        self, *, case_id: Id, message_id: Id, words: str, attachments: Sequence[SentAttachment] = ()
    ) -> SaidInCase:
        """The first of two approvals. Raises Refused ``not_found``, ``not_allowed``, ``not_needed``."""
        said = {"message_id": message_id, "words": words, "attachments": attachments}
        return self._ask("approve_review_internally", case_id=case_id, **said)

    def approve_review(
        self,
        *,
        case_id: Id,
        message_id: Id,
        words: str,
        cpli_id: int,
        attachments: Sequence[SentAttachment] = (),
    ) -> SaidInCase:
        """Have a review's care added as a second CPLI, under this CpliId.

        Raises Refused ``not_found``, ``not_allowed``, ``approval_wanted``, ``same_person``, ``cpli_taken``.
        """
        said = {"message_id": message_id, "words": words, "attachments": attachments}
        return self._ask("approve_review", case_id=case_id, cpli_id=cpli_id, **said)
