"""What services say, right after it was done, of what it was done on: money, provider, contract and state.

One question an action, of what its address named, or its answer's. Who does not answer within a second is left out:
the trail lacks the fact then, and what was done is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from libs.common.casework.cases import ACTION, ENQUIRY, PAYS_NOTHING, REVIEW
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.process import logs
from libs.common.rpc import SYSTEM
from libs.common.seams.commands import ALL_CONTRACTS
from libs.common.seams.disputes.cases import Case
from services.portal.audit.telling import NO_FACTS, Facts
from services.portal.audit.things import Thing
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient

_log = logs.log(__name__)

Named = Mapping[str, str]
"""Things by their kinds, one of each."""


class Services(NamedTuple):
    """Who is asked, on behalf of the system: whoever acted could act on it."""

    ingest: IngestClient
    matching: MatchingClient
    payments: PaymentsClient
    disputes: DisputesClient


def facts_of(gateway: Gateway, things: Iterable[Thing]) -> Facts:
    """What is known of the most particular of these things, the first of its kind."""
    named: dict[str, str] = {}
    for kind, value in things:
        named.setdefault(kind, value)
    for kind, read in _READERS.items():
        if kind in named:
            try:
                return read(_services(gateway), named)
            except (Refused, ServiceUnavailable) as error:
                _log.info("audit_fact_not_known", kind=kind, reason=str(error))
                return NO_FACTS
    return Facts(contract=named.get("contract"))


def organisation_id_of(gateway: Gateway, name: str) -> uuid.UUID | None:
    """Who is called so; None while matching can't be asked, or knows nobody of that name."""
    try:
        found = _services(gateway).matching.organisation_id(organisation=name)
    except (Refused, ServiceUnavailable):
        return None
    return None if found is None else uuid.UUID(found)


def _services(gateway: Gateway) -> Services:
    return Services(
        IngestClient(gateway, SYSTEM, is_quick=True),
        MatchingClient(gateway, SYSTEM, is_quick=True),
        PaymentsClient(gateway, SYSTEM, is_quick=True),
        DisputesClient(gateway, SYSTEM, is_quick=True),
    )


def _claim(ask: Services, named: Named) -> Facts:
    found = ask.disputes.claim(claim_id=named["claim_id"])
    total = found["total_claimed"] if found["state"] in PAYS_NOTHING else found["total_payable"]
    return _of_case(found) | Facts(amount=Decimal(total), contract=found["contract"])


def _conversation(kind: str) -> Callable[[Services, Named], Facts]:
    def read(ask: Services, named: Named) -> Facts:
        return _of_case(ask.disputes.case(kind=kind, case_id=named[f"{kind}_id"]))

    return read


def _dispute(ask: Services, named: Named) -> Facts:
    return _of_case(ask.disputes.dispute(case_id=named["case_id"]))


def _of_case(found: Case) -> Facts:
    return Facts(organisation_id=uuid.UUID(found["organisation_id"]), outcome=found["state"])


def _run(ask: Services, named: Named) -> Facts:
    found = ask.payments.payment_run(run_id=named["run_id"])
    contract = found["contract"] or ALL_CONTRACTS
    return Facts(amount=Decimal(found["payable"]), contract=contract, outcome=found["state"])


def _debt(ask: Services, named: Named) -> Facts:
    found = next((one for one in ask.payments.debts() if one["debt_id"] == named["debt_id"]), None)
    if found is None:
        return NO_FACTS
    return Facts(
        amount=Decimal(found["owed"]),
        organisation_id=uuid.UUID(found["organisation_id"]),
        contract=found["contract"],
        outcome="proposed",
    )


def _invoice(ask: Services, named: Named) -> Facts:
    found = ask.payments.invoice_named(invoice_id=named["invoice_id"])
    return Facts(
        amount=Decimal(found["gross"]),
        organisation=found["organisation"],
        contract=found["contract"],
        outcome=f"{found['number']}: {found['state']}",
    )


def _proposal(ask: Services, named: Named) -> Facts:
    try:
        found = ask.payments.proposal(proposal_id=named["proposal_id"])
    except Refused:
        found = ask.matching.proposal(proposal_id=named["proposal_id"])
    wanted = found["wanted"]
    amount = wanted.get("amount")
    return Facts(
        amount=None if amount is None else Decimal(amount),
        organisation=wanted.get("organisation"),
        contract=wanted.get("contract"),
        outcome=found["state"],
    )


def _item(ask: Services, named: Named) -> Facts:
    found = ask.payments.payment_item(item_id=named["item_id"])
    return Facts(
        amount=Decimal(found["amount"]), organisation=found["organisation"], contract=found["contract"]
    )


def _week(ask: Services, named: Named) -> Facts:
    if "week" not in named:
        item = ask.matching.line_item(cpli_id=int(named["cpli_id"]))
        return Facts(organisation=item["organisation"], contract=item["contract"])
    found = ask.payments.week_hold(cpli_id=int(named["cpli_id"]), monday=named["week"])
    return Facts(
        amount=Decimal(found["held"]), organisation=found["organisation"], contract=found["contract"]
    )


def _visits_file(ask: Services, named: Named) -> Facts:
    found = ask.ingest.visits_file(file_id=named["file_id"])
    forecast = found["forecast"]
    return Facts(
        amount=Decimal(forecast["payable"]) if forecast else None,
        organisation_id=uuid.UUID(found["organisation_id"]),
        outcome=found["state"],
    )


def _actuals_file(ask: Services, named: Named) -> Facts:
    found = ask.ingest.actuals_file(file_id=named["actuals_file_id"])
    forecast = found["forecast"]
    return Facts(
        amount=Decimal(forecast["payable"]) if forecast else None,
        organisation_id=uuid.UUID(found["organisation_id"]),
        outcome=found["state"],
    )


def _care_file(ask: Services, named: Named) -> Facts:
    return Facts(outcome=ask.matching.care_check(import_id=named["import_id"])["state"])


def _contract_document(ask: Services, named: Named) -> Facts:
    found = ask.matching.contract_document(document_id=named["document_id"])
    return Facts(organisation=found["organisation"], outcome=found["status"].replace("_", " "))


_READERS: Final[dict[str, Callable[[Services, Named], Facts]]] = {
    "claim_id": _claim,
    "case_id": _dispute,
    "action_id": _conversation(ACTION),
    "enquiry_id": _conversation(ENQUIRY),
    "review_id": _conversation(REVIEW),
    "debt_id": _debt,
    "invoice_id": _invoice,
    "proposal_id": _proposal,
    "run_id": _run,
    "item_id": _item,
    "file_id": _visits_file,
    "actuals_file_id": _actuals_file,
    "document_id": _contract_document,
    "import_id": _care_file,
    "cpli_id": _week,
}
"""By the kind of a thing, the most particular first."""
