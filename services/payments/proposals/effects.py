"""What a proposal would change in money, worked out before it is approved (RULES 6, 8). Reads alone; never commits.

Pay rules and visit types touch many weeks: they are priced under what is proposed, some at a time, and compared with
what they cost as they stand. The sums of each part are kept; the effect is known when all parts are there.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import monday_of, period_start_of
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.effects import Effect, EffectOnOrganisation, EffectSums
from services.payments.callers import resolve_organisation
from services.payments.packages import store as packages_store
from services.payments.packages.rules import VisitType
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.data import rules_from_data
from services.payments.pay_rules.rules import DatedRules
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods
from services.payments.pricing.rules import price_delivered
from services.payments.pricing.steps import batches_of
from services.payments.proposals import store as proposals_store
from services.payments.proposals.store import WeekAsPriced

SUMS = 3
Sums = dict[str, list[Decimal]]
"""Pounds by organisation: what is payable, what it would be, and what of the difference falls into finalised periods."""
Types = Mapping[str, VisitType]
RulesByContract = Mapping[str, Sequence[DatedRules]]


def plan_effect(session: Session, message: Message) -> None:
    """``effect_wanted``: an adjustment's or a debt's effect is known at once; of weeks, have some at a time priced."""
    body = message.body
    kind, wanted = body["kind"], body["wanted"]
    if kind in ("pay_rules", "visit_type"):
        since = monday_of(dt.date.fromisoformat(wanted["effective_from"]))
        cpli_ids = list(batches_of(weeks_touched(session, kind, wanted, since)))
        proposals_store.insert_effect(session, body["proposal_id"], len(cpli_ids))
        parts = (
            {**body, "part": part, "cpli_ids": batch, "since": since.isoformat()}
            for part, batch in enumerate(cpli_ids)
        )
        emit_many(session, "effect_part_wanted", parts, cause_id=message.cause_id)
        return
    proposals_store.insert_effect(session, body["proposal_id"], 1)
    proposals_store.insert_part(
        session, body["proposal_id"], 0, shown_sums(sums_of_one(session, kind, wanted))
    )


def weeks_touched(
    session: Session, kind: str, wanted: Mapping[str, Any], since: dt.date
) -> Sequence[tuple[int, int]]:
    """(CpliId, how many weeks) that the rules of a contract, or a visit type, touch."""
    if kind == "pay_rules":
        return pay_rules_store.weeks_of_contract(session, wanted["contract"], since)
    return pay_rules_store.weeks_with_types(session, [wanted["ref"]], since)


def sums_of_one(session: Session, kind: str, wanted: Mapping[str, Any]) -> Sums:
    """The sums of what is one amount: an adjustment of an open period, or a debt that comes off no more."""
    amount = Decimal(wanted["amount"])
    if kind == "debt_write_off":
        return {wanted["organisation_id"]: [-amount, NOTHING, NOTHING]}
    caller: Caller = {"who": "payments", "role": "system", "organisation": None}
    organisation_id = str(resolve_organisation(session, caller, wanted["organisation"]))
    payable = proposals_store.payable_in(session, organisation_id, wanted["contract"], wanted["start"])
    return {organisation_id: [payable, payable + amount, NOTHING]}


def work_out_part(session: Session, message: Message) -> None:
    """``effect_part_wanted``: price these CPLIs' weeks under what is proposed, and keep the sums."""
    body = message.body
    types, rules = proposed_lists(session, body["kind"], body["wanted"])
    weeks = proposals_store.weeks_as_priced(session, body["cpli_ids"], dt.date.fromisoformat(body["since"]))
    sums = compare_weeks(session, weeks, types, rules, periods_store.read_periods(session))
    proposals_store.insert_part(session, body["proposal_id"], body["part"], shown_sums(sums))


def proposed_lists(session: Session, kind: str, wanted: Mapping[str, Any]) -> tuple[Types, RulesByContract]:
    """The visit types and pay rules as they would be."""
    types, rules = packages_store.visit_types(session), pay_rules_store.rules_by_contract(session)
    day = dt.date.fromisoformat(wanted["effective_from"])
    if kind == "pay_rules":
        contract = wanted["contract"]
        kept = [dated for dated in rules.get(contract, ()) if dated.effective_from != day]
        new = DatedRules(day, rules_from_data(wanted["rules"]))
        in_order = sorted((*kept, new), key=lambda dated: dated.effective_from)
        return types, {**rules, contract: in_order}
    known = types[wanted["ref"]]
    change = (day, wanted["paid"], wanted["charged"], wanted["basis"])
    later = sorted((*(one for one in known.later if one[0] != day), change), key=lambda one: one[0])
    return {**types, known.ref: replace(known, later=tuple(later))}, rules


def compare_weeks(
    session: Session, weeks: Iterable[WeekAsPriced], types: Types, rules: RulesByContract, periods: Periods
) -> Sums:
    """What these weeks cost and would cost, by organisation."""
    found = list(weeks)
    packages = packages_store.packages(session, {week.cpli_id for week in found})
    sums: Sums = {}
    for week in found:
        package = packages[week.cpli_id]
        price = price_delivered(week.delivered, package, types, rules.get(package.contract, ()))
        of_one = sums.setdefault(package.organisation_id, [NOTHING, NOTHING, NOTHING])
        of_one[0] += week.payable
        of_one[1] += price.payable
        own = period_start_of(week.monday, periods.grid_monday)
        if periods.for_week(week.monday, package.contract) != own:
            of_one[2] += price.payable - week.payable
    return sums


def shown_sums(sums: Sums) -> dict[str, list[str]]:
    """Pounds as text."""
    return {
        organisation_id: [pounds_text(amount) for amount in of_one]
        for organisation_id, of_one in sums.items()
    }


def effect(session: Session, caller: Caller, *, proposal_id: uuid.UUID) -> Effect | None:
    """What a proposal would change, by organisation and in all; None while it is being worked out.

    Organisations that nothing changes for are left out. Raises Refused ``not_allowed``.
    """
    require_council(caller)
    parts = proposals_store.parts_of(session, str(proposal_id))
    if parts is None:
        return None
    names = dict(packages_store.list_organisations(session))
    sums: Sums = {}
    for part in parts:
        for organisation_id, of_part in part.items():
            known = sums.get(organisation_id, [NOTHING, NOTHING, NOTHING])
            sums[organisation_id] = [a + Decimal(b) for a, b in zip(known, of_part, strict=True)]
    changed = {one: of_one for one, of_one in sums.items() if of_one[0] != of_one[1] or of_one[2]}
    whole = [sum((of_one[i] for of_one in changed.values()), NOTHING) for i in range(SUMS)]
    lines: list[EffectOnOrganisation] = [
        {"organisation": names.get(one, one), **_sums_document(of_one)} for one, of_one in changed.items()
    ]
    return {
        "organisations": sorted(lines, key=lambda line: line["organisation"]),
        "in_all": _sums_document(whole),
    }


def _sums_document(amounts: Sequence[Decimal]) -> EffectSums:
    before, after, posted_back = map(pounds_text, amounts)
    return {"before": before, "after": after, "posted_back": posted_back}
