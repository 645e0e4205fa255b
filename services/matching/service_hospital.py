"""What matching answers by RPC about stays in hospital: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.hospital import store as hospital_store
from services.matching.hospital import views as hospital_views
from services.matching.hospital.schemas import HospitalStays, ServiceClients, ServiceIds


class HospitalAnswers:
    """For one-off claims."""

    db: Database

    service_clients = answer_by(
        hospital_views.list_service_clients, ServiceClients, needs=(rights.READ_CARE,)
    )
    service_id = answer_by(hospital_views.find_service_id, ServiceClients, needs=(rights.READ_CARE,))
    service_names = answer_by(hospital_store.service_names, ServiceIds, needs=(rights.KNOW_NAMES,))
    hospital_stays = answer_by(hospital_views.hospital_stays, HospitalStays, needs=(rights.READ_CARE,))
