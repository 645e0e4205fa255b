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
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.hospital import HospitalStay, HospitalVisit, ServiceClients
from services.matching.book.words import name_of, number
from services.matching.care import store as care_store
from services.matching.clients import store as clients_store
from services.matching.hospital import store as hospital_store
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import reference_of

Row = dict[str, Any]
HOSPITAL_INCENTIVE = fold("Hospital Incentive Payment")


def list_service_clients(session: Session, caller: Caller, *, service_name: str) -> ServiceClients:
    """A provider's service, its contract, and whom it has cared for under it. Raises Refused ``not_found``."""
    own = caller["organisation"]
    if own is None:
        raise Refused("not_allowed", "Only a provider can claim.")
    found = _require_service(session, uuid.UUID(own), service_name)
    return {
        "service": found["name"],
        "service_id": found["service_id"],
        "contract": found["contract"],
        "clients": [
            {"client": reference_of(row), "name": name_of(row)}
            for row in hospital_store.clients_of_service(session, found["service_id"])
        ],
    }


def find_service_id(session: Session, caller: Caller, *, service_name: str) -> str:
    """The id of a provider's service by a present or former name. Raises Refused ``not_found``."""
    own = caller["organisation"]
    if own is None:
        raise Refused("not_allowed", "Only a provider has services of its own.")
    return str(_require_service(session, uuid.UUID(own), service_name)["service_id"])


def hospital_stays(
    session: Session,
    *,
    organisation_id: uuid.UUID,
    service_name: str,
    service_id: uuid.UUID | None = None,
    stays: Sequence[Mapping[str, Any]],
) -> list[HospitalStay]:
    """For each stay its client's H visits, the first delivered visit after it, and single payments that stand for it.

    A provider asks about itself alone: row-level security hides all else. The name is looked at where the id is not
    known. Raises Refused ``not_found``.
    """
    by_id = service_id and hospital_store.service_of_id(session, organisation_id, service_id)
    found = by_id or _require_service(session, organisation_id, service_name)
    return [_stay_document(session, organisation_id, found, **stay) for stay in stays]


def _require_service(session: Session, organisation_id: uuid.UUID, name: str) -> Row:
    found = hospital_store.service(session, organisation_id, fold(name))
    if found is None:
        raise Refused("not_found", f"There is no service “{name}”: choose one of the provider’s own.")
    return found


def _stay_document(
    session: Session,
    organisation_id: uuid.UUID,
    service: Row,
    *,
    client: str,
    first_on: dt.date,
    last_on: dt.date,
    resumes_on: dt.date | None,
) -> HospitalStay:
    known = clients_store.find_client(session, None, client)
    packages = hospital_store.packages(session, organisation_id, known["client_id"]) if known else []
    if known is None or not packages:
        return _stay_of_nobody(service)
    client_id = known["client_id"]
    terms = care_store.terms_of(session, [row["cpli_id"] for row in packages])
    visits = hospital_store.hospital_visits(session, organisation_id, client_id, first_on, last_on)
    resumed = resumes_on and hospital_store.first_delivered(session, organisation_id, client_id, resumes_on)
    own = [row for row in packages if row["service_id"] == service["service_id"] and not _is_single(row)]
    begun = [row for row in own if row["start_on"] <= last_on] or own
    return {
        "contract": service["contract"],
        "client_id": client_id,
        "cpli_id": begun[0]["cpli_id"] if begun else None,
        "visits": [_visit_document(row, service["service_id"], terms) for row in visits],
        "care_resumed_on": iso_or_none(resumed),
        "single_payments": [
            {"cpli_id": row["cpli_id"], "amount": _single_amount(terms[row["cpli_id"]], row["start_on"])}
            for row in packages
            if _may_stand_for_claim(row)
        ],
        "known_as": sorted(
            identifier[2:] for identifier in identifiers_store.identifiers_of(session, [client_id])
        ),
    }


def _stay_of_nobody(service: Row) -> HospitalStay:
    """Of a client whom nobody knows, or whom this organisation has no care of."""
    return {
        "contract": service["contract"],
        "client_id": None,
        "cpli_id": None,
        "visits": [],
        "care_resumed_on": None,
        "single_payments": [],
        "known_as": [],
    }


def _visit_document(row: Row, service_id: str, terms: Mapping[int, Sequence[Term]]) -> HospitalVisit:
    cpli_id = row["cpli_id"]
    # a visit that is matched to a CPLI of the client; a moved one is matched again in a moment
    of_cpli = terms.get(cpli_id) if cpli_id is not None else None
    return {
        "visit_ref": row["visit_ref"],
        "planned_on": row["planned_on"].isoformat(),
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
