"""Which events go to which step of disputes."""

from collections.abc import Mapping
from typing import Final

from libs.common.consumers import Handler
from libs.common.working import serve_worker
from services.disputes.conversations import take_rejection

HANDLERS: Final[Mapping[str, Handler]] = {
    "payment_rejected": take_rejection,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("disputes", HANDLERS)
