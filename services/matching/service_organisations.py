"""What matching answers by RPC about organisations by name and by id: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import OfOrganisation
from services.matching.organisations import views as organisations_views
from services.matching.organisations.schemas import OrganisationIds, OrganisationNamed


class OrganisationAnswers:
    """For whoever knows an organisation by its name alone, or by its id."""

    db: Database

    organisation_id = answer_by(
        organisations_views.limit_to_organisation, OfOrganisation, needs=(rights.KNOW_NAMES,)
    )
    find_organisation = answer_by(
        organisations_views.find_organisation, OrganisationNamed, needs=(rights.KNOW_NAMES,)
    )
    organisation_names = answer_by(
        organisations_views.names_by_id, OrganisationIds, needs=(rights.KNOW_NAMES,)
    )
    organisations = answer_by(organisations_views.list_names, needs=(rights.KNOW_NAMES,))
