"""Hospital stays of [003] as real files, and claims made as the portal makes them, for tests of several layers."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.process import database
from libs.common.rpc import Caller, wire
from services.disputes.claims import deciding
from services.disputes.claims import steps as claims_steps
from services.disputes.claims import views as claims_views
from services.disputes.claims.rules import every_day
from services.disputes.claims.schemas import DecideClaim, SaveClaimItem, SubmitClaim, WorkOutClaim
from services.matching.hospital import views as hospital_views
from services.matching.hospital.schemas import HospitalStays
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.council.council import Council

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
DAPL, LWAH, SPOT = "Diamond - DAPL Oxford", "Diamond - Zone 6 - Oxford", "Diamond - Spot"
FLANDERS, SKINNER = "A352035", "A332295"
NOW = dt.datetime(2022, 11, 28, 9, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
STRANGER: Caller = {"who": "stranger", "role": "provider", "organisation": str(organisation_id_of(PEARL))}
OF_DIAMOND = {"OrganisationName": DIAMOND, "UnitCost": "23.77", "StartDate": "03/10/2022"}
CARE = a_care_file(
    a_care_row(156024, SSRef=FLANDERS, Forename="Ned", Surname="Flanders", ServiceName=DAPL, **OF_DIAMOND),
    a_care_row(156023, SSRef=SKINNER, Forename="Seymour", Surname="Skinner", ServiceName=DAPL, **OF_DIAMOND),
    a_care_row(156025, SSRef="A400", Surname="Wiggum", ServiceName=SPOT, Contract="Spot", **OF_DIAMOND),
    a_care_row(156026, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - DAPL South"),
)


def hospital_visit(ref: str, day: str, entry: str, exit_: str, client: str, service: str = DAPL) -> Any:
    """A planned visit that was missed for a hospital stay."""
    times = {"PlannedVisitDate": day, "PlannedEntryTime": entry, "PlannedExitTime": exit_}
    return an_undelivered_row(
        VisitRef=ref, VisitType="H", SSRef=client, ServiceName=service, Comments="", **times
    )


def delivered_visit(ref: str, day: str, entry: str, exit_: str, client: str, service: str = DAPL) -> Any:
    """A visit that was delivered as planned."""
    times = {"PlannedVisitDate": day, "PlannedEntryTime": entry, "PlannedExitTime": exit_}
    times |= {"DeliveredVisitDate": day, "DeliveredEntryTime": entry, "DeliveredExitTime": exit_}
    return a_row(VisitRef=ref, SSRef=client, ServiceName=service, **times)


def flanders() -> str:
    """[003], example 1: care at weekends, admitted on Thursday 10, resumed on Sunday 13 November."""
    return a_file(
        hospital_visit("F1", "12/11/2022", "14:00", "15:00", FLANDERS),
        delivered_visit("F2", "13/11/2022", "14:00", "15:00", FLANDERS),
    )


def skinner() -> str:
    """[003], example 2: half an hour at noon and at six; away from Monday evening 21 to Friday noon 25 November."""
    noon, six = ("12:00", "12:30"), ("18:00", "18:30")
    missed = [("21", six), *((f"{day}", time) for day in (22, 23, 24) for time in (noon, six)), ("25", noon)]
    return a_file(
        delivered_visit("S0", "21/11/2022", *noon, SKINNER),
        *(
            hospital_visit(f"S{n}", f"{day}/11/2022", *time, SKINNER)
            for n, (day, time) in enumerate(missed, 1)
        ),
        delivered_visit("S9", "25/11/2022", *six, SKINNER),
    )


STAYS: dict[str, dict[str, str]] = {
    FLANDERS: {"admitted_on": "2022-11-10", "resumed_on": "2022-11-13"},
    SKINNER: {"admitted_on": "2022-11-21", "resumed_on": "2022-11-25"},
}


class Claimants:
    """Both sides of claims, each asking as the RPC processes let it, under their policies."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self._engines = {
            name: database.engine(council.schemas.url_of(f"{name}_rpc"), name)
            for name in ("matching", "disputes")
        }
        self._sessions = {name: database.sessions(engine) for name, engine in self._engines.items()}
        self._seconds = 0

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()

    def now(self) -> dt.datetime:
        """A second after whatever was done before."""
        self._seconds += 1
        return NOW + dt.timedelta(seconds=self._seconds)

    def ask(self, of: str, step: Any, caller: Caller, /, **asked: Any) -> Any:
        """The answer as it comes over the wire."""
        with database.transaction(self._sessions[of], caller) as session:
            answer = step(session, caller, **asked)
        return json.loads(wire.dump(answer))

    def drafts(self, service: str = DAPL, caller: Caller = MANAGER, contract: str | None = None) -> uuid.UUID:
        """A claim for a service, without items."""
        claim_id, contract = uuid.uuid4(), contract or {DAPL: "DAPL", LWAH: "LWAH", SPOT: "Spot"}[service]
        about = {
            "service_name": service,
            "contract": contract,
            "financial_year": "2022/23",
            "words": "",
            "now": self.now(),
        }
        self.ask("disputes", claims_steps.draft_claim, caller, claim_id=claim_id, attachments=(), **about)
        return claim_id

    def adds(
        self, claim_id: uuid.UUID, client: str, amount: str, caller: Caller = MANAGER, **facts: Any
    ) -> str:
        """An item of a claim; its id."""
        item_id = str(facts.pop("item_id", uuid.uuid4()))
        asked = {
            "claim_id": str(claim_id),
            "item_id": item_id,
            "version_id": str(uuid.uuid4()),
            "amount": amount,
        }
        asked |= {"description": "In hospital", "client_reference": client} | STAYS.get(client, {}) | facts
        self.ask("disputes", claims_steps.save_item, caller, now=self.now(), **SaveClaimItem().load(asked))
        return item_id

    def claim(self, claim_id: uuid.UUID, caller: Caller = MANAGER) -> Any:
        """A claim as it stands."""
        return self.ask("disputes", claims_views.find_claim, caller, claim_id=claim_id, now=NOW)

    def facts(self, claim_id: uuid.UUID, caller: Caller) -> list[Any]:
        """What matching knows of its stays."""
        found = self.claim(claim_id, caller)
        asked = {"organisation_id": found["organisation_id"], "service_name": found["service"]}
        asked["stays"] = [item["look_at"] for item in found["items"]]
        stays = self.ask("matching", _stays_for, caller, **HospitalStays().load(asked))
        return [stay | {"item_id": item["item_id"]} for item, stay in zip(found["items"], stays, strict=True)]

    def looks_at(self, claim_id: uuid.UUID, caller: Caller = OFFICER) -> Any:
        """A claim worked out by the visits of today."""
        asked = {"claim_id": str(claim_id), "facts": self.facts(claim_id, caller)}
        return self._with_days(deciding.work_out_claim, caller, WorkOutClaim().load(asked))

    def submits(self, claim_id: uuid.UUID, caller: Caller = MANAGER) -> Any:
        asked = {
            "claim_id": str(claim_id),
            "message_id": str(uuid.uuid4()),
            "facts": self.facts(claim_id, caller),
        }
        return self._with_days(deciding.submit_claim, caller, SubmitClaim().load(asked))

    def decides(
        self, claim_id: uuid.UUID, move: str = "accept", caller: Caller = OFFICER, **more: Any
    ) -> Any:
        asked = {"claim_id": str(claim_id), "message_id": str(uuid.uuid4()), "move": move}
        asked |= {"facts": self.facts(claim_id, caller), "words": "Checked"} | more
        return self._with_days(deciding.decide_claim, caller, DecideClaim().load(asked))

    def amends(self, claim_id: uuid.UUID, item_id: str, amount: str, note: str, **more: Any) -> None:
        asked: dict[str, Any] = {"seen": 1, "is_included": True, "version_id": uuid.uuid4()} | more
        asked |= {"item_id": uuid.UUID(item_id), "amount": Decimal(amount), "note": note}
        self.ask("disputes", claims_steps.amend_item, OFFICER, claim_id=claim_id, now=self.now(), **asked)

    def _with_days(self, step: Any, caller: Caller, asked: dict[str, Any]) -> Any:
        return self.ask("disputes", step, caller, now=self.now(), counts=every_day, **asked)


def _stays_for(session: Session, caller: Caller, **asked: Any) -> Any:
    return hospital_views.hospital_stays(session, **asked)


@contextmanager
def claimants(council: Council) -> Iterator[Claimants]:
    """Until the block ends."""
    found = Claimants(council)
    try:
        yield found
    finally:
        found.close()
