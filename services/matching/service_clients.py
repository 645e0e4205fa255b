"""What matching answers by RPC about clients and their care: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import OfOrganisation
from services.matching.circumstances import steps as circumstances_steps
from services.matching.circumstances import views as circumstances_views
from services.matching.circumstances.schemas import EndedCircumstance, NewCircumstance, WithdrawnCircumstance
from services.matching.clients import client_list, subjects
from services.matching.clients import search as clients_search
from services.matching.clients import views as clients_views
from services.matching.clients.schemas import (
    ClientAsked,
    ClientIdentifier,
    ClientList,
    Identifiers,
    Picked,
    Search,
    WeeksOfClient,
)
from services.matching.identifiers import store as identifiers_store
from services.matching.line_items import details
from services.matching.line_items import views as line_items_views
from services.matching.line_items.schemas import CpliId, CplisAfter, LineItems, ServicesOf


class ClientAnswers:
    """Clients, what holds for them, and their care package line items."""

    db: Database

    client = answer_by(clients_views.show_client, ClientAsked, needs=(rights.READ_CLIENTS,))
    client_weeks = answer_by(clients_views.list_weeks, WeeksOfClient, needs=(rights.READ_CLIENTS,))
    data_subject = answer_by(
        subjects.show_subject, ClientAsked, needs=(rights.READ_READINGS, rights.EXPORT_PERSON)
    )
    client_names = answer_by(clients_views.names_of, Identifiers, needs=(rights.KNOW_NAMES,))
    client_identifiers = answer_by(
        identifiers_store.identifiers_of_client, ClientIdentifier, needs=(rights.READ_CARE,)
    )
    client_list = answer_by(client_list.list_clients, ClientList, needs=(rights.READ_CARE,))
    pick_clients = answer_by(clients_search.pick_clients, Picked, needs=(rights.READ_CARE,))
    search = answer_by(clients_search.search, Search, needs=(rights.READ_CARE,))

    circumstances_today = answer_by(circumstances_views.circumstances_today, needs=(rights.READ_CLIENTS,))
    enter_circumstance = answer_by(circumstances_steps.enter, NewCircumstance, needs=(rights.CHANGE_CARE,))
    end_circumstance = answer_by(circumstances_steps.end, EndedCircumstance, needs=(rights.CHANGE_CARE,))
    withdraw_circumstance = answer_by(
        circumstances_steps.withdraw, WithdrawnCircumstance, needs=(rights.CHANGE_CARE,)
    )

    line_items = answer_by(line_items_views.list_line_items, LineItems, needs=(rights.READ_CARE,))
    line_item = answer_by(details.show_line_item, CpliId, needs=(rights.READ_CARE,))
    care_choices = answer_by(details.list_choices, OfOrganisation, needs=(rights.READ_CARE,))
    contracted_services = answer_by(details.list_services, ServicesOf, needs=(rights.READ_CARE,))
    commissioned_care = answer_by(line_items_views.page_of_export, CplisAfter, needs=(rights.READ_CARE,))
