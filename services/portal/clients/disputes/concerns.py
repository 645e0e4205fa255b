"""Concerns about providers, their figures, kinds and groups."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.disputes.cases import SentAttachment
from libs.common.seams.disputes.concerns import (
    Concern,
    ConcernFigures,
    ConcernGroup,
    ConcernKind,
    ConcernWithSteps,
    MovedConcern,
    RaisedConcern,
    StoredConcernFile,
    Trend,
)
from services.portal.clients.payload_types import After, Day, Id
from services.portal.clients.service_client import ServiceClient


class ConcernsClient(ServiceClient):
    """A part of DisputesClient. All but raising is for commissioning staff: Refused ``not_allowed`` for others."""

    def concerns(
        self,
        *,
        limit: int,
        kind: str | None = None,
        organisation_id: Id | None = None,
        group_id: Id | None = None,
        states: Sequence[str] = (),
        first: Day | None = None,
        last: Day | None = None,
        clients: Sequence[str] | None = None,
        after: After | None = None,
    ) -> list[Concern]:
        """A page of concerns received on these days, the newest first: without ``states`` those that are open."""
        about = {"kind": kind, "organisation_id": organisation_id, "group_id": group_id}
        days = {"first": first, "last": last}
        return self._ask(
            "concerns", **about, **days, states=states, clients=clients, after=after, limit=limit
        )

    def concern(self, *, concern_id: Id) -> ConcernWithSteps:
        """A concern with its history, evidence and breach notices. Raises Refused ``not_found``."""
        return self._ask("concern", concern_id=concern_id)

    def concern_file(self, *, concern_file_id: Id) -> StoredConcernFile:
        """Where evidence, or a file of an answer, lies. Raises Refused ``not_found``."""
        return self._ask("concern_file", concern_file_id=concern_file_id)

    def raise_concern(
        self,
        *,
        concern_id: Id,
        organisation_id: Id,
        kind: str,
        source: str,
        words: str,
        client_reference: str = "",
        cpli_id: int | None = None,
        visits: Sequence[str] = (),
        about_kind: str = "",
        about_id: str = "",
        happened_on: Day | None = None,
        attachments: Sequence[SentAttachment] = (),
    ) -> RaisedConcern:
        """Write a concern down, once for its id. Raises Refused ``not_allowed`` and ``unknown_kind``."""
        return self._ask(
            "raise_concern",
            concern_id=concern_id,
            organisation_id=organisation_id,
            kind=kind,
            source=source,
            words=words,
            client_reference=client_reference,
            cpli_id=cpli_id,
            visits=visits,
            about_kind=about_kind,
            about_id=about_id,
            happened_on=happened_on,
            attachments=attachments,
        )

    def move_concern(
        self,
        *,
        concern_id: Id,
        step_id: Id,
        words: str,
        move: str = "",
        version: int | None = None,
        referred_to: str = "",
        ended_in: str = "",
        to_provider: str = "",
        attachments: Sequence[SentAttachment] = (),
    ) -> MovedConcern:
        """Make a move, or add words and evidence. Raises Refused ``changed_since``, ``wrong_state`` and ``invalid``."""
        how = {"referred_to": referred_to, "ended_in": ended_in, "to_provider": to_provider}
        return self._ask(
            "move_concern",
            concern_id=concern_id,
            step_id=step_id,
            move=move,
            words=words,
            version=version,
            attachments=attachments,
            **how,
        )

    def concern_counts(
        self,
        *,
        kind: str | None = None,
        organisation_id: Id | None = None,
        group_id: Id | None = None,
        first: Day | None = None,
        last: Day | None = None,
    ) -> dict[str, int]:
        """How many concerns that were received on these days are in each state."""
        about = {"kind": kind, "organisation_id": organisation_id, "group_id": group_id}
        return self._ask("concern_counts", **about, first=first, last=last)

    def concern_figures(self, *, organisation: Id | None, first: Day, last: Day) -> ConcernFigures:
        """Concerns received and breach notices sent on these days; organisation: an id, None for all or one's own.

        None where whoever asks does not see them: a provider its concerns, finance either.
        """
        return self._ask("concern_figures", organisation=organisation, first=first, last=last)

    def concern_trends(
        self,
        *,
        first: Day,
        last: Day,
        kind: str | None = None,
        organisation_id: Id | None = None,
        group_id: Id | None = None,
    ) -> list[Trend]:
        """Concerns and breach notices by month, provider and kind. Raises Refused ``invalid`` for too many months."""
        about = {"kind": kind, "organisation_id": organisation_id, "group_id": group_id}
        return self._ask("concern_trends", first=first, last=last, **about)

    def concern_kinds(self) -> list[ConcernKind]:
        """All kinds, those in use first; for whoever may raise a concern."""
        return self._ask("concern_kinds")

    def add_concern_kind(self, *, name: str) -> list[ConcernKind]:
        """Have a kind offered, also one that was retired."""
        return self._ask("add_concern_kind", name=name)

    def retire_concern_kind(self, *, name: str) -> list[ConcernKind]:
        """Have a kind offered no more. Raises Refused ``not_found``."""
        return self._ask("retire_concern_kind", name=name)

    def concern_groups(self) -> list[ConcernGroup]:
        """All groups of providers by name."""
        return self._ask("concern_groups")

    def save_concern_group(
        self, *, group_id: Id, name: str, organisation_ids: Sequence[str]
    ) -> list[ConcernGroup]:
        """Add a group of providers, or change it. Raises Refused ``name_taken``."""
        return self._ask(
            "save_concern_group", group_id=group_id, name=name, organisation_ids=organisation_ids
        )

    def remove_concern_group(self, *, group_id: Id) -> None:
        """Take a group away. Raises Refused ``not_found``."""
        self._ask("remove_concern_group", group_id=group_id)
