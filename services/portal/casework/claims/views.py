"""One-off claims as pages and the API show them: disputes keeps them, matching knows the H visits (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from libs.common.care.clock import london_day
from libs.common.care.weeks import financial_year_of
from libs.common.casework.cases import CLAIM, OPEN
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.seams.disputes.claims import (
    AboutClaim,
    Claim,
    ClaimCase,
    ClaimItem,
    ListedClaim,
    StayFacts,
)
from libs.common.seams.matching.hospital import StayAsked
from services.portal.casework.cases.views import Names, find_names, find_people
from services.portal.clients.matching import MatchingClient
from services.portal.help.rules import financial_year, first_year_of
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, matching

YEARS_BACK = 5


class OfService(AboutClaim):
    """What a claim says of its service, and whose it is."""

    case_id: str
    organisation_id: str


class ItemOfStay(TypedDict):
    """A client item, and what to look at for it."""

    item_id: str
    look_at: StayAsked


class ShownItem(ClaimItem):
    """A client item with the client's name."""

    client: str


class ShownClaim(ClaimCase, Names):
    """A claim as its page shows it: with names, and without messages that say and do nothing."""

    items: list[ShownItem]
    people: dict[str, str]


class NamedClaim(ListedClaim, Names):
    """A claim of a list, with names."""


def list_financial_years(now: dt.datetime) -> list[str]:
    """This financial year and those before it, for which something can be claimed."""
    newest = first_year_of(financial_year_of(london_day(now)))
    return [financial_year(newest - back) for back in range(YEARS_BACK + 1)]


def find_claim(claim_id: uuid.UUID) -> Claim:
    """A claim with what its items are worth by the visits of today, while it is open.

    While matching is away, or knows the service no more: by those of the last time. Raises Refused ``not_found``.
    """
    found = disputes().claim(claim_id=claim_id)
    if found["state"] in OPEN[CLAIM] and found["items"]:
        try:
            facts = find_stay_facts(found, found["items"])
        except (Refused, ServiceUnavailable):
            return found
        found = disputes().work_out_claim(claim_id=claim_id, facts=facts)
    return {**found, "service": service_of(found, find_service_names([found]))}


def find_shown_claim(claim_id: uuid.UUID) -> ShownClaim:
    """A claim with what it is worth today, and with names. Raises Refused ``not_found``."""
    claim = find_claim(claim_id)
    messages = [one for one in claim["messages"] if one["words"] or one["move"]]
    changed_by = [version["changed_by"] for item in claim["items"] for version in item["history"]]
    names = find_names([claim], claim["items"])
    return {
        **claim,
        **names.of(claim),
        "messages": messages,
        "people": find_people({"opened_by": claim["opened_by"], "messages": messages}, *changed_by),
        "items": [{**item, "client": names.client_of(item)} for item in claim["items"]],
    }


def name_claims(found: list[ListedClaim]) -> list[NamedClaim]:
    """Claims of a list with names."""
    names = find_names(found)
    return [{**row, **names.of(row)} for row in with_service_names(found)]


def with_service_names(found: list[ListedClaim]) -> list[ListedClaim]:
    """Claims whose services are called as they are now."""
    names = find_service_names(found)
    return [{**row, "service": service_of(row, names)} for row in found]


def find_service_names(found: Iterable[AboutClaim]) -> Mapping[str, str]:
    """How the services of these claims are called now, by their ids; nothing while matching can't be asked."""
    ids = sorted({row["service_id"] for row in found if row["service_id"]})
    if not ids:
        return {}
    client = MatchingClient(gateway(), caller(), is_quick=True)
    found_by_now = gateway().answers_by_now({"names": lambda: client.service_names(service_ids=ids)})
    return found_by_now.get("names", {})


def service_of(claim: AboutClaim, names: Mapping[str, str]) -> str:
    """What the service of a claim is called now; what it was called then, where that is not known."""
    return names.get(claim["service_id"] or "", claim["service"])


def find_stay_facts(claim: OfService, items: Sequence[ItemOfStay]) -> list[StayFacts]:
    """What matching knows of each item's stay, for disputes. Raises Refused and ServiceUnavailable."""
    if not items:
        return []
    stays = matching().hospital_stays(
        organisation_id=claim["organisation_id"],
        service_name=claim["service"],
        service_id=claim["service_id"],
        stays=[item["look_at"] for item in items],
    )
    return [{**stay, "item_id": item["item_id"]} for item, stay in zip(items, stays, strict=True)]
