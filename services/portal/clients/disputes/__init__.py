"""The typed client of disputes, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.disputes.breach_notices import BreachNoticesClient
from services.portal.clients.disputes.cases import CasesClient
from services.portal.clients.disputes.claims import ClaimsClient
from services.portal.clients.disputes.concerns import ConcernsClient
from services.portal.clients.disputes.conversations import ConversationsClient
from services.portal.clients.disputes.disputes import DisputesPart
from services.portal.clients.disputes.doubts import DoubtsClient
from services.portal.clients.disputes.kpis import KpisClient
from services.portal.clients.disputes.offers import OffersClient


class DisputesClient(
    CasesClient,
    DisputesPart,
    ConversationsClient,
    ClaimsClient,
    DoubtsClient,
    ConcernsClient,
    BreachNoticesClient,
    KpisClient,
    OffersClient,
):
    """All that disputes answers."""

    service = "disputes"
