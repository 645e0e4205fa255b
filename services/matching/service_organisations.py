"""What matching answers by RPC about organisations by name and by id: wiring only."""

from typing import Any

from libs.common.payloads import OfOrganisation
from libs.common.rpc import Caller, Database, rpc
from services.matching import answers, organisations, store_answers
from services.matching.schemas_answers import OrganisationIds, OrganisationNamed


class OrganisationAnswers:
    """For whoever knows an organisation by its name alone, or by its id."""

    db: Database

    @rpc
    def organisation_id(self, caller: Caller, **payload: Any) -> str | None:
        """The id of an organisation by its name."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return answers.organisation_asked(session, caller, wanted["organisation"])

    @rpc
    def find_organisation(self, caller: Caller, **payload: Any) -> organisations.OrganisationFound:
        """An organisation by a present or former name, or the one that care will make of a new name."""
        wanted = OrganisationNamed().load(payload)
        with self.db.transaction(caller) as session:
            return organisations.find_organisation(session, wanted["name"])

    @rpc
    def organisation_names(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """The present names of organisations by their ids."""
        wanted = OrganisationIds().load(payload)["organisation_ids"]
        with self.db.transaction(caller) as session:
            ids = None if wanted is None else set(map(str, wanted))
            return organisations.names_by_id(session, ids)

    @rpc
    def organisations(self, caller: Caller) -> list[str]:
        """The names of all organisations that care names."""
        with self.db.transaction(caller) as session:
            return store_answers.organisation_names(session)
