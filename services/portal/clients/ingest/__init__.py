"""The typed client of ingest, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.ingest.actuals import ActualsClient
from services.portal.clients.ingest.carers import CarersClient
from services.portal.clients.ingest.cleansing import CleansingClient
from services.portal.clients.ingest.figures import FiguresClient
from services.portal.clients.ingest.files import FilesClient
from services.portal.clients.ingest.lists import ListsClient
from services.portal.clients.ingest.overlaps import OverlapsClient
from services.portal.clients.ingest.visits import VisitsClient


class IngestClient(
    FilesClient,
    VisitsClient,
    ListsClient,
    OverlapsClient,
    CleansingClient,
    CarersClient,
    ActualsClient,
    FiguresClient,
):
    """All that ingest answers."""

    service = "ingest"
