"""Which events go to which step of disputes."""

from collections.abc import Mapping
from typing import Final

from libs.common.messaging.worker import Handler
from libs.common.process.worker import serve_worker
from services.disputes.cases.conversations import take_rejection
from services.disputes.doubts.steps import look_again, take_doubts
from services.disputes.offers.steps import lapse_offers

HANDLERS: Final[Mapping[str, Handler]] = {
    "doubts_found": take_doubts,
    "payment_rejected": take_rejection,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("disputes", HANDLERS, tidying=(look_again,), ticking=(lapse_offers,))
