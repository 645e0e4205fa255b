"""What matching answers by RPC: wiring only."""

from collections.abc import Mapping
from typing import ClassVar

from libs.common.operations.answers import OperationAnswers
from libs.common.proposals.rpc import ProposalAnswers
from libs.common.proposals.steps import CarryOut
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.rpc.payloads import Resync
from libs.common.subjects.answers import answers_about
from libs.common.subjects.schemas import VisitsAsked
from services.matching.book import store_messages
from services.matching.imports import steps as imports_steps
from services.matching.lists import steps as lists_steps
from services.matching.lists import views as lists_views
from services.matching.lists.schemas import ProposeVisitType, SaveServiceLevel
from services.matching.ranking.freezing import freeze
from services.matching.ranking.store_frozen import KIND as RANKING
from services.matching.service_clients import ClientAnswers
from services.matching.service_documents import DocumentAnswers
from services.matching.service_hospital import HospitalAnswers
from services.matching.service_imports import ImportAnswers
from services.matching.service_matches import MatchAnswers
from services.matching.service_measures import MeasuresAnswers
from services.matching.service_merging import MergingAnswers
from services.matching.service_organisations import OrganisationAnswers
from services.matching.service_overlaps import OverlapsAnswers
from services.matching.service_ranking import RankingAnswers
from services.matching.service_reports import ReportAnswers
from services.matching.subjects.parts import PARTS
from services.matching.subjects.store import visits_of_subject
from services.matching.waiting import count_waiting


class MatchingService(
    ClientAnswers,
    DocumentAnswers,
    HospitalAnswers,
    ImportAnswers,
    MatchAnswers,
    MeasuresAnswers,
    MergingAnswers,
    OrganisationAnswers,
    OverlapsAnswers,
    RankingAnswers,
    ReportAnswers,
    OperationAnswers,
    ProposalAnswers,
):
    """Commissioned care and matches."""

    name = "matching"
    db = Database()
    held_parts, held_rows = answers_about(PARTS)
    visits_of_subject = answer_by(visits_of_subject, VisitsAsked, needs=(rights.EXPORT_PERSON,))
    steps: ClassVar[Mapping[str, CarryOut]] = {**lists_steps.STEPS, RANKING: freeze}

    @answering(rights.KNOW_NAMES)  # asks no database: it answers while that is away
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    reference_version = answer_by(store_messages.reference_version, needs=(rights.KNOW_NAMES,))
    waiting = answer_by(count_waiting, needs=(rights.KNOW_NAMES,))
    resync = answer_by(imports_steps.resync_care, Resync, needs=(rights.OPERATE,))
    service_levels = answer_by(lists_views.list_service_levels, needs=(rights.READ_CARE,))
    save_service_level = answer_by(
        lists_steps.save_service_level, SaveServiceLevel, needs=(rights.SET_PAY_RULES,)
    )
    visit_types = answer_by(lists_views.list_visit_types, needs=(rights.READ_CARE,))
    propose_visit_type = answer_by(
        lists_steps.propose_visit_type, ProposeVisitType, needs=(rights.SET_PAY_RULES,)
    )
