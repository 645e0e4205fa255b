"""Two people (RULES 8): what one proposes, another approves or refuses, and it is done with the approval.

A service that needs it has two tables, `proposal_tables`, and says which step carries out which kind of proposal.
Rows are only added. Whoever decides is a person with an account of the council: never the command line, no token of
another system, and never the one who proposed. Steps take a session and never commit.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.proposals import ProposalDocument

TABLES: Final = ("proposals", "proposal_decisions")
"""Rows are only added to both."""
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"
COUNTED_TO: Final = 1_000
OTHER_SYSTEMS: Final = "token "
"""How the name of another system begins, where a person's account would stand."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants done: ``wanted`` is what the step of its ``kind`` takes, as JSON can say it."""

    proposal_id: str
    kind: str
    wanted: dict[str, Any]
    proposed_by: str


CarryOut = Callable[[Session, Proposal], Any]
"""Does what was proposed, in the transaction of its approval; Refused when it can't be done any more."""


def proposal_tables(metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
    """Adds proposals and their decisions to a service's metadata, in the metadata's schema."""
    proposals = sa.Table(
        "proposals",
        metadata,
        sa.Column("proposal_id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("wanted", postgresql.JSONB, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Index("proposals_by_time", "proposed_at", "proposal_id"),
    )
    decisions = sa.Table(
        "proposal_decisions",
        metadata,
        sa.Column("proposal_id", sa.Uuid, primary_key=True),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    return proposals, decisions


def propose(
    session: Session,
    kind: str,
    wanted: Mapping[str, Any],
    who: str,
    proposal_id: uuid.UUID | None = None,
) -> tuple[uuid.UUID, bool]:
    """Keep what somebody wants done until another decides; its id, and whether it is new.

    Without an id, what waits already and is the same is not proposed twice.
    """
    facts = {"kind": kind, "wanted": json.dumps(dict(wanted), default=str), "who": who}
    if proposal_id is None:
        same = session.scalar(
            text(
                "SELECT proposal_id FROM proposals p WHERE kind = :kind AND wanted = CAST(:wanted AS jsonb)"
                " AND NOT EXISTS (SELECT 1 FROM proposal_decisions d WHERE d.proposal_id = p.proposal_id) LIMIT 1"
            ),
            facts,
        )
        if same is not None:
            return same, False
    chosen = proposal_id or uuid.uuid4()
    added = session.execute(
        text(
            "INSERT INTO proposals (proposal_id, kind, wanted, proposed_by)"
            " VALUES (:proposal, :kind, CAST(:wanted AS jsonb), :who) ON CONFLICT DO NOTHING RETURNING true"
        ),
        facts | {"proposal": chosen},
    )
    return chosen, added.first() is not None


def decide(
    session: Session,
    caller: Caller,
    *,
    proposal_id: uuid.UUID,
    approves: bool,
    reason: str,
    steps: Mapping[str, CarryOut],
) -> None:
    """Approve a proposal, and carry it out by the step of its kind; or refuse it, with the reason.

    Raises Refused: ``not_allowed``, ``not_a_person``, ``not_found``, ``wrong_state``, ``proposed_by_yourself``,
    ``reason_wanted``, and what the step raises.
    """
    require_council(caller)
    if caller["role"] == "system" or caller["who"].startswith(OTHER_SYSTEMS):
        raise Refused("not_a_person", "A person who is signed in must decide: no command line and no token.")
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('proposal ' || :proposal, 0))"),
        {"proposal": str(proposal_id)},
    )
    row = find_proposal(session, caller, proposal_id=proposal_id)
    if row["state"] != WAITING:
        raise Refused("wrong_state", f"The proposal is {row['state']} already.")
    if approves and row["proposed_by"] == caller["who"]:
        raise Refused("proposed_by_yourself", "Somebody else must approve what you have proposed.")
    if not approves and not reason:
        raise Refused("reason_wanted", "Say why you refuse it.", {"field": "reason"})
    session.execute(
        text(
            "INSERT INTO proposal_decisions (proposal_id, decision, reason, decided_by)"
            " VALUES (:proposal, :decision, :reason, :who)"
        ),
        {
            "proposal": proposal_id,
            "decision": APPROVED if approves else REFUSED,
            "reason": reason,
            "who": caller["who"],
        },
    )
    if approves:
        found = Proposal(row["proposal_id"], row["kind"], row["wanted"], row["proposed_by"])
        steps[found.kind](session, found)


PROPOSALS = (
    "SELECT p.proposal_id::text, p.kind, p.wanted, p.proposed_by, p.proposed_at,"
    f" coalesce(d.decision, '{WAITING}') AS state, coalesce(d.reason, '') AS reason, d.decided_by, d.decided_at"
    " FROM proposals p LEFT JOIN proposal_decisions d USING (proposal_id)"
)


def find_proposal(session: Session, caller: Caller, *, proposal_id: uuid.UUID) -> ProposalDocument:
    """A proposal and its decision, if any. Raises Refused ``not_allowed``, ``not_found``."""
    require_council(caller)
    rows = session.execute(text(f"{PROPOSALS} WHERE p.proposal_id = :proposal"), {"proposal": proposal_id})
    found = rows.one_or_none()
    if found is None:
        raise Refused("not_found", "There is no such proposal.")
    return _to_document(found)


def list_proposals(
    session: Session, caller: Caller, *, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[ProposalDocument]:
    """Proposals, those that wait first, then the newest; or of those decided, the ones from before (moment, id)."""
    require_council(caller)
    rows = session.execute(
        text(
            f"{PROPOSALS} WHERE CAST(:moment AS timestamptz) IS NULL OR d.decision IS NOT NULL"
            " AND (p.proposed_at, p.proposal_id) < (CAST(:moment AS timestamptz), CAST(:id AS uuid))"
            " ORDER BY d.decision IS NOT NULL, p.proposed_at DESC, p.proposal_id DESC LIMIT :limit"
        ),
        {"moment": before and before[0], "id": before and before[1], "limit": limit},
    )
    return [_to_document(row) for row in rows]


def _to_document(row: sa.Row[Any]) -> ProposalDocument:
    return {
        "proposal_id": row.proposal_id,
        "kind": row.kind,
        "wanted": row.wanted,
        "proposed_by": row.proposed_by,
        "proposed_at": row.proposed_at.isoformat(),
        "state": row.state,
        "reason": row.reason,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


def count_waiting(session: Session, caller: Caller) -> int:
    """How many wait for somebody other than who proposed them; counted no further than a thousand."""
    found = session.scalar(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM proposals p LEFT JOIN proposal_decisions d USING (proposal_id)"
            " WHERE d.proposal_id IS NULL AND p.proposed_by <> :who LIMIT :limit) waiting"
        ),
        {"who": caller["who"], "limit": COUNTED_TO},
    )
    return int(found or 0)
