"""/api/v1/proposals: what needs two people, for the council's tokens to look at (RULES 8).

A person decides, on the page: a token is none.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.proposals import api_schemas
from services.portal.proposals.views import Proposals
from services.portal.web.calls import gateway, matching, payments
from services.portal.web.cursors import cursor_of, moment_and_id


def register(api: Blueprint, _: Gateway) -> None:
    """Add the routes."""

    @api.get("/proposals")
    @operation(
        Operation(
            "What needs two people, those that wait first; for the council’s tokens",
            {200: Answer("A page of proposals", api_schemas.Proposals)},
            query=api_schemas.ProposalsQuery,
            problems=(404,),
            needs=(rights.READ_PROPOSALS,),
        )
    )
    def proposals(query: dict[str, Any]) -> Response:
        before = moment_and_id(query.get("cursor"))
        found, more = _proposals().page(before, query["limit"])
        cursor = None if more is None else cursor_of(more["proposed_at"], more["proposal_id"])
        return answered(api_schemas.Proposals, {"items": found, "next_cursor": cursor})

    @api.get("/proposals/<uuid:proposal_id>")
    @operation(
        Operation(
            "Look at a proposal, and at what it would change in money; for the council’s tokens",
            {200: Answer("The proposal; effect is null while it is being worked out", api_schemas.Proposal)},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_PROPOSALS,),
        )
    )
    def proposal(proposal_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answered(api_schemas.Proposal, _proposals().find(str(proposal_id)))


def _proposals() -> Proposals:
    return Proposals(payments(), matching(), gateway())
