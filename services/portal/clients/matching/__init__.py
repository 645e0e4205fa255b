"""The typed client of matching, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.matching.cleansing import CleansingClient
from services.portal.clients.matching.clients import ClientsClient
from services.portal.clients.matching.documents import DocumentsClient
from services.portal.clients.matching.hospital import HospitalClient
from services.portal.clients.matching.imports import ImportsClient
from services.portal.clients.matching.line_items import LineItemsClient
from services.portal.clients.matching.lists import ListsClient
from services.portal.clients.matching.matches import MatchesClient
from services.portal.clients.matching.measures import MeasuresClient
from services.portal.clients.matching.organisations import OrganisationsClient
from services.portal.clients.matching.overlaps import OverlapsClient
from services.portal.clients.matching.ranking import RankingClient
from services.portal.clients.matching.reports import ReportsClient
from services.portal.clients.proposals import ProposalsClient


class MatchingClient(
    CleansingClient,
    ClientsClient,
    DocumentsClient,
    HospitalClient,
    ImportsClient,
    LineItemsClient,
    ListsClient,
    MatchesClient,
    MeasuresClient,
    OrganisationsClient,
    OverlapsClient,
    RankingClient,
    ReportsClient,
    ProposalsClient,
):
    """All that matching answers."""

    service = "matching"
