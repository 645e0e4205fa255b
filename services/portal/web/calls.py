"""How pages ask services: on behalf of whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import current_app, request

from libs.common.rights import table
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.web import access
from services.portal.web.access import caller


def gateway() -> Gateway:
    return cast(Gateway, current_app.extensions["gateway"])


def ingest() -> IngestClient:
    """Ingest, for whoever is signed in. Refused and ServiceUnavailable become pages."""
    return IngestClient(gateway(), caller())


def disputes() -> DisputesClient:
    """Disputes, for whoever is signed in. Refused and ServiceUnavailable become pages."""
    return DisputesClient(gateway(), caller())


def matching() -> MatchingClient:
    """Matching, for whoever is signed in. Refused and ServiceUnavailable become pages."""
    return MatchingClient(gateway(), caller())


def payments() -> PaymentsClient:
    """Payments, for whoever is signed in. Refused and ServiceUnavailable become pages."""
    return PaymentsClient(gateway(), caller())


def is_council() -> bool:
    return table.side_of(access.account().role) == "council"


def organisation_chosen() -> str | None:
    """The provider that the council looks at (`?organisation=NAME`); None for all, and for a provider's own."""
    return request.args.get("organisation", "").strip() or None


def organisations() -> list[str]:
    """The providers that the council may choose from; a provider has no choice."""
    return organisations_question()()


def organisations_question() -> Callable[[], list[str]]:
    """`organisations`, to be asked by another thread than the page's."""
    is_asked, client = is_council(), matching()
    return lambda: client.organisations() if is_asked else []
