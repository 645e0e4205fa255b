"""Breach notices: sent to a provider, answered by it."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.cases import SentAttachment
from libs.common.seams.disputes.concerns import (
    AnsweredNotice,
    BreachNotice,
    MovedConcern,
    NoticeStanding,
    NoticeVisit,
)
from services.portal.clients.payload_types import After, Day, Id
from services.portal.clients.service_client import ServiceClient


class BreachNoticesClient(ServiceClient):
    """A part of DisputesClient: a provider's own, or for commissioning staff all."""

    def breach_notices(
        self,
        *,
        limit: int,
        organisation_id: Id | None = None,
        state: str | None = None,
        first: Day | None = None,
        last: Day | None = None,
        after: After | None = None,
    ) -> list[BreachNotice]:
        """A page of breach notices, the newest first; those sent on these days."""
        about = {"organisation_id": organisation_id, "state": state, "first": first, "last": last}
        return self._ask("breach_notices", **about, after=after, limit=limit)

    def breach_notice(self, *, notice_id: Id) -> AnsweredNotice:
        """A breach notice with its answers. Raises Refused ``not_found``."""
        return self._ask("breach_notice", notice_id=notice_id)

    def send_breach_notice(
        self,
        *,
        concern_id: Id,
        notice_id: Id,
        version: int | None,
        words: str,
        due_on: Day,
        visits: Sequence[NoticeVisit],
    ) -> MovedConcern:
        """Send a breach notice to a concern's provider. Raises Refused ``changed_since``, ``wrong_state``, ``invalid``."""
        about = {"concern_id": concern_id, "notice_id": notice_id, "version": version}
        return self._ask("send_breach_notice", **about, words=words, due_on=due_on, visits=visits)

    def answer_breach_notice(
        self, *, notice_id: Id, answer_id: Id, words: str, attachments: Sequence[SentAttachment] = ()
    ) -> NoticeStanding:
        """The provider answers. Raises Refused ``not_found``, ``not_allowed`` and ``wrong_state``."""
        about = {"notice_id": notice_id, "answer_id": answer_id}
        return self._ask("answer_breach_notice", **about, words=words, attachments=attachments)
