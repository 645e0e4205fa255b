"""What matching answers by RPC about stays in hospital: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from services.matching.hospital import store as hospital_store
from services.matching.hospital import views as hospital_views
from services.matching.hospital.schemas import HospitalStays, ServiceClients, ServiceIds


class HospitalAnswers:
    """For one-off claims."""

    db: Database

    @rpc
    def service_clients(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A service of the caller's with its contract and clients."""
        wanted = ServiceClients().load(payload)
        with self.db.transaction(caller) as session:
            return hospital_views.service_clients(session, caller, **wanted)

    @rpc
    def service_id(self, caller: Caller, **payload: Any) -> str:
        """The id of a service of the caller's by its name."""
        wanted = ServiceClients().load(payload)
        with self.db.transaction(caller) as session:
            return hospital_views.service_id(session, caller, **wanted)

    @rpc
    def service_names(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """The present names of services by their ids."""
        wanted = ServiceIds().load(payload)
        with self.db.transaction(caller) as session:
            return hospital_store.service_names(session, **wanted)

    @rpc
    def hospital_stays(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The H visits of stays, and the first delivered visit after each."""
        wanted = HospitalStays().load(payload)
        with self.db.transaction(caller) as session:
            return hospital_views.hospital_stays(session, caller, **wanted)
