"""What matching answers by RPC about organisations by name and by id: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.payloads import OfOrganisation
from services.matching.line_items import store as line_items_store
from services.matching.line_items import views as line_items_views
from services.matching.line_items.schemas import OrganisationIds, OrganisationNamed
from services.matching.organisations import views as organisations_views


class OrganisationAnswers:
    """For whoever knows an organisation by its name alone, or by its id."""

    db: Database

    @rpc
    def organisation_id(self, caller: Caller, **payload: Any) -> str | None:
        """The id of an organisation by its name."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return line_items_views.organisation_asked(session, caller, wanted["organisation"])

    @rpc
    def find_organisation(self, caller: Caller, **payload: Any) -> organisations_views.OrganisationFound:
        """An organisation by a present or former name, or the one that care will make of a new name."""
        wanted = OrganisationNamed().load(payload)
        with self.db.transaction(caller) as session:
            return organisations_views.find_organisation(session, wanted["name"])

    @rpc
    def organisation_names(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """The present names of organisations by their ids."""
        wanted = OrganisationIds().load(payload)["organisation_ids"]
        with self.db.transaction(caller) as session:
            ids = None if wanted is None else set(map(str, wanted))
            return organisations_views.names_by_id(session, ids)

    @rpc
    def organisations(self, caller: Caller) -> list[str]:
        """The names of all organisations that care names."""
        with self.db.transaction(caller) as session:
            return line_items_store.organisation_names(session)
