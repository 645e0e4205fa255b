"""The typed client of payments, in parts as its service has them."""

from __future__ import annotations

from services.portal.clients.payments.charges import ChargesClient
from services.portal.clients.payments.effects import EffectsClient
from services.portal.clients.payments.holds import HoldsClient
from services.portal.clients.payments.invoices import InvoicesClient
from services.portal.clients.payments.items import ItemsClient
from services.portal.clients.payments.periods import PeriodsClient
from services.portal.clients.payments.prices import PricesClient
from services.portal.clients.payments.reports import ReportsClient
from services.portal.clients.payments.runs import RunsClient
from services.portal.clients.proposals import ProposalsClient


class PaymentsClient(
    PeriodsClient,
    ItemsClient,
    HoldsClient,
    InvoicesClient,
    RunsClient,
    PricesClient,
    ChargesClient,
    ReportsClient,
    EffectsClient,
    ProposalsClient,
):
    """All that payments answers."""

    service = "payments"
