"""What visits data and commissioned care say about stays in hospital, for one-off claims (RULES 10)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.names import fold
from libs.common.care.terms import ONE_OFF, Term, term_on
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.book.words import name_of, number
from services.matching.clients import store as clients_store
from services.matching.clients.views import IDENTIFIERS_LAST_FIRST
from services.matching.hospital import store as hospital_store
from services.matching.matches import store as matches_store

Row = dict[str, Any]
HOSPITAL_INCENTIVE = fold("Hospital Incentive Payment")


def service_clients(session: Session, caller: Caller, *, service_name: str) -> Row:
    """A provider's service, its contract, and whom it has cared for under it. Raises Refused ``not_found``."""
    own = caller["organisation"]
    if own is None:
        raise Refused("not_allowed", "Only a provider can claim.")
    found = _service(session, uuid.UUID(own), service_name)
    clients = [
        {"client": reference_of(row), "name": name_of(row)}
        for row in hospital_store.clients_of_service(session, found["service_id"])
    ]
    about = {"service": found["name"], "service_id": found["service_id"], "contract": found["contract"]}
    return about | {"clients": clients}


def service_id(session: Session, caller: Caller, *, service_name: str) -> str:
    """The id of a provider's service by a present or former name. Raises Refused ``not_found``."""
    own = caller["organisation"]
    if own is None:
        raise Refused("not_allowed", "Only a provider has services of its own.")
    return str(_service(session, uuid.UUID(own), service_name)["service_id"])


def hospital_stays(
    session: Session,
    caller: Caller,
    *,
    organisation_id: uuid.UUID,
    service_name: str,
    service_id: uuid.UUID | None = None,
    stays: Sequence[Mapping[str, Any]],
) -> list[Row]:
    """For each stay its client's H visits, the first delivered visit after it, and single payments that stand for it.

    A provider asks about itself alone: row-level security hides all else. The name is looked at where the id is not
    known. Raises Refused ``not_found``.
    """
    by_id = service_id and hospital_store.service_of_id(session, organisation_id, service_id)
    found = by_id or _service(session, organisation_id, service_name)
    return [_stay(session, organisation_id, found, **stay) for stay in stays]


def reference_of(client: Mapping[str, Any]) -> str:
    """How a client is named elsewhere: by SSRef, else ClientRef, else NHS number."""
    return str(next(client[kind] for kind in reversed(IDENTIFIERS_LAST_FIRST) if client[kind]))


def _service(session: Session, organisation_id: uuid.UUID, name: str) -> Row:
    found = hospital_store.service(session, organisation_id, fold(name))
    if found is None:
        raise Refused("not_found", f"There is no service “{name}”: choose one of the provider’s own.")
    return found


def _stay(
    session: Session,
    organisation_id: uuid.UUID,
    service: Row,
    *,
    client: str,
    first_on: dt.date,
    last_on: dt.date,
    resumes_on: dt.date | None,
) -> Row:
    nothing: Row = {"contract": service["contract"], "client_id": None, "cpli_id": None, "visits": []}
    nothing |= {"care_resumed_on": None, "single_payments": [], "known_as": []}
    known = clients_store.one(session, None, client)
    packages = hospital_store.packages(session, organisation_id, known["client_id"]) if known else []
    if known is None or not packages:
        return nothing
    client_id = known["client_id"]
    terms = matches_store.terms_of(session, [row["cpli_id"] for row in packages])
    visits = hospital_store.hospital_visits(session, organisation_id, client_id, first_on, last_on)
    resumed = resumes_on and hospital_store.first_delivered(session, organisation_id, client_id, resumes_on)
    own = [row for row in packages if row["service_id"] == service["service_id"] and not _is_single(row)]
    begun = [row for row in own if row["start_on"] <= last_on] or own
    return nothing | {
        "client_id": client_id,
        "known_as": sorted(
            identifier[2:] for identifier in matches_store.identifiers_of(session, [client_id])
        ),
        "cpli_id": begun[0]["cpli_id"] if begun else None,
        "visits": [_visit(row, service["service_id"], terms) for row in visits],
        "care_resumed_on": resumed,
        "single_payments": [
            {"cpli_id": row["cpli_id"], "amount": _single_amount(terms[row["cpli_id"]], row["start_on"])}
            for row in packages
            if _may_stand_for_claim(row)
        ],
    }


def _visit(row: Row, service_id: str, terms: Mapping[int, Sequence[Term]]) -> Row:
    cpli_id = row["cpli_id"]
    # a visit that is matched to a CPLI of the client; a moved one is matched again in a moment
    of_cpli = terms.get(cpli_id) if cpli_id is not None else None
    return {
        "visit_ref": row["visit_ref"],
        "planned_on": row["planned_on"],
        "seconds": row["seconds"],
        "cpli_id": cpli_id if of_cpli else None,
        "unit_cost": number(term_on(of_cpli, row["planned_on"]).unit_cost) if of_cpli else None,
        "is_of_service": row["service_id"] == service_id,
    }


def _is_single(row: Row) -> bool:
    """RULES 2: Unit Payment with Frequency One-off is a single payment."""
    return (row["unit"], row["frequency"]) == ONE_OFF


def _may_stand_for_claim(row: Row) -> bool:
    """RULES 10: a single payment of this level is paid with the claim that it stands for."""
    return _is_single(row) and row["service_level"] == HOSPITAL_INCENTIVE


def _single_amount(terms: Sequence[Term], day: dt.date) -> str:
    term = term_on(terms, day)
    return pounds_text(term.quantity * term.unit_cost)
