"""Rankings are frozen by two people (RULES 16): one proposes what was worked out, another confirms that very ranking.

What is frozen keeps its figures, whatever happens later; of several of one list and quarter the newest counts.
Takes a session, never commits.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.proposals import steps as proposals_steps
from libs.common.proposals.steps import Proposal
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.monitoring.ranking import FrozenRanking, NewestRanking, Ranking, RankingFound
from libs.common.seams.proposals import Proposed
from services.matching.ranking import store_frozen
from services.matching.ranking.documents import appeal_document, frozen_document, working_id_of
from services.matching.ranking.steps import require_list
from services.matching.ranking.store_frozen import KIND
from services.matching.ranking.views import work_out


def find_ranking(
    session: Session,
    caller: Caller,
    *,
    list_id: uuid.UUID | None,
    list_name: str | None,
    quarter: str,
    is_now: bool,
    now: dt.datetime,
) -> RankingFound:
    """What is frozen of a list and quarter; what it would be now where nothing is, or ``is_now``.

    Raises Refused ``not_allowed``, ``not_found``.
    """
    require_council(caller)
    about = require_list(session, list_id, list_name)
    frozen = store_frozen.list_frozen(session, about[0], quarter)
    if frozen and not is_now:
        newest = frozen[0]
        kept = store_frozen.find_working(session, newest["working_id"])
        return {"frozen": frozen_document(newest), "ranking": kept, "seen": str(newest["working_id"])}
    ranking = work_out(session, about, quarter, now)
    return {"frozen": None, "ranking": ranking, "seen": str(working_id_of(ranking))}


def propose_ranking(
    session: Session,
    caller: Caller,
    *,
    list_id: uuid.UUID,
    quarter: str,
    seen: uuid.UUID | None,
    now: dt.datetime,
) -> Proposed:
    """Ask a second person to freeze the ranking as it stands now. seen: what was on the page.

    Raises Refused ``not_allowed``, ``not_found``, ``seen_another``, ``nobody_on_it``.
    """
    require_council(caller)
    about = require_list(session, list_id)
    ranking = work_out(session, about, quarter, now)
    working_id = working_id_of(ranking)
    if seen not in (None, working_id):
        raise Refused("seen_another", "The ranking has changed since you looked: look at it again.")
    if not ranking["organisations"]:
        raise Refused("nobody_on_it", "Nobody is on the list in this quarter: add providers first.")
    frozen = store_frozen.list_frozen(session, list_id, quarter)
    if frozen and frozen[0]["working_id"] == working_id:
        return {"state": "unchanged", "proposal_id": None}
    store_frozen.keep_working(session, working_id, ranking)
    wanted = {
        "list_id": str(list_id),
        "list": about[1],
        "quarter": quarter,
        "working_id": str(working_id),
        "replaces": frozen[0]["ordinal"] if frozen else 0,
    }
    proposal_id, _ = proposals_steps.propose(session, KIND, wanted, caller["who"])
    return {"state": "proposed", "proposal_id": str(proposal_id)}


def find_proposed(session: Session, caller: Caller, *, proposal_id: uuid.UUID) -> Ranking:
    """The ranking that a proposal would freeze, word for word. Raises Refused ``not_allowed``, ``not_found``."""
    proposal = proposals_steps.find_proposal(session, caller, proposal_id=proposal_id)
    if proposal["kind"] != KIND:
        raise Refused("not_found", "There is no such proposal.")
    return store_frozen.find_working(session, uuid.UUID(proposal["wanted"]["working_id"]))


def freeze(session: Session, proposal: Proposal) -> None:
    """Do what two people have decided. Raises Refused ``wrong_state`` where another was frozen since it was proposed."""
    wanted = proposal.wanted
    list_id, quarter = uuid.UUID(wanted["list_id"]), wanted["quarter"]
    store_frozen.lock_list(session, list_id)
    frozen = store_frozen.list_frozen(session, list_id, quarter)
    if (frozen[0]["ordinal"] if frozen else 0) != wanted["replaces"]:
        raise Refused("wrong_state", "Another ranking was frozen since: have this one proposed anew.")
    ranking = store_frozen.find_working(session, uuid.UUID(wanted["working_id"]))
    row = {
        "ranking_id": uuid.uuid4(),
        "list_id": list_id,
        "list_name": ranking["list"],
        "quarter": quarter,
        "ordinal": wanted["replaces"] + 1,
        "working_id": uuid.UUID(wanted["working_id"]),
        "proposed_by": proposal.proposed_by,
        "confirmed_by": store_frozen.decider_of(session, proposal.proposal_id),
    }
    about = {name: ranking[name] for name in ("measured_from", "measured_to", "terms")}
    places = [
        {
            "organisation_id": one["organisation_id"],
            "place": one["place"],
            "out_of": len(ranking["organisations"]),
            "explained": about | {"organisation": one},
        }
        for one in ranking["organisations"]
    ]
    store_frozen.insert_frozen(session, row, places)


def find_frozen(session: Session, caller: Caller, *, ranking_id: uuid.UUID) -> FrozenRanking:
    """A frozen ranking with the appeals against it. Council only. Raises Refused ``not_allowed``, ``not_found``."""
    require_council(caller)
    found = store_frozen.find_frozen(session, ranking_id)
    if found is None:
        raise Refused("not_found", "There is no such ranking.")
    newest = store_frozen.list_frozen(session, found["list_id"], found["quarter"])[0]
    return {
        **frozen_document(found),
        "ranking": store_frozen.find_working(session, found["working_id"]),
        "appeals": [
            appeal_document(row) for row in store_frozen.list_appeals(session, ranking_id=ranking_id)
        ],
        "is_newest": newest["ranking_id"] == ranking_id,
    }


def find_newest(session: Session, caller: Caller, *, list_id: uuid.UUID) -> NewestRanking:
    """The order that requisitions of a list go down: that of the newest quarter that is frozen.

    Raises Refused ``not_allowed``, ``not_found``, ``nothing_frozen``.
    """
    require_council(caller)
    _, name = require_list(session, list_id)
    frozen = store_frozen.list_frozen(session, list_id)
    if not frozen:
        raise Refused("nothing_frozen", "No ranking of this list is frozen yet: freeze one first.")
    newest = frozen[0]
    ranking = store_frozen.find_working(session, newest["working_id"])
    return {
        "ranking_id": str(newest["ranking_id"]),
        "list_id": str(list_id),
        "list": name,
        "quarter": newest["quarter"],
        "organisations": [
            {
                "place": one["place"],
                "organisation_id": one["organisation_id"],
                "organisation": one["organisation"],
            }
            for one in ranking["organisations"]
        ],
    }
