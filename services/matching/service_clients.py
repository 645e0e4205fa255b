"""What matching answers by RPC about clients and their care: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import OfOrganisation
from services.matching.circumstances import steps as circumstances_steps
from services.matching.circumstances import views as circumstances_views
from services.matching.circumstances.schemas import EndedCircumstance, NewCircumstance, WithdrawnCircumstance
from services.matching.clients import client_list
from services.matching.clients import search as clients_search
from services.matching.clients import views as clients_views
from services.matching.clients.schemas import ClientAsked, ClientIdentifier, ClientList, Identifiers, Search
from services.matching.identifiers import store as identifiers_store
from services.matching.line_items import details
from services.matching.line_items import views as line_items_views
from services.matching.line_items.schemas import CpliId, CplisAfter, LineItems


class ClientAnswers:
    """Clients, what holds for them, and their care package line items."""

    db: Database

    client = answer_by(clients_views.show_client, ClientAsked)
    client_names = answer_by(clients_views.names_of, Identifiers)
    client_identifiers = answer_by(identifiers_store.identifiers_of_client, ClientIdentifier)
    client_list = answer_by(client_list.list_clients, ClientList)
    search = answer_by(clients_search.search, Search)

    circumstances_today = answer_by(circumstances_views.circumstances_today)
    enter_circumstance = answer_by(circumstances_steps.enter, NewCircumstance)
    end_circumstance = answer_by(circumstances_steps.end, EndedCircumstance)
    withdraw_circumstance = answer_by(circumstances_steps.withdraw, WithdrawnCircumstance)

    line_items = answer_by(line_items_views.list_line_items, LineItems)
    line_item = answer_by(details.show_line_item, CpliId)
    care_choices = answer_by(details.list_choices, OfOrganisation)
    commissioned_care = answer_by(line_items_views.page_of_export, CplisAfter)
