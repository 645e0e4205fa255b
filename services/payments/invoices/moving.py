"""How an invoice or credit note comes to another state, once for the id of the move (RULES 13). Never commits."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.invoices import store as invoices_store
from services.payments.invoices.refusals import wrong_state
from services.payments.invoices.rules import MOVES

Row = dict[str, Any]


def state_to_come(session: Session, invoice: Mapping[str, Any], move: str, move_id: uuid.UUID) -> str | None:
    """The state that a move leads to; None where it was made under this id before, and nothing is left to do.

    The lock of the organisation's invoices is held. Raises Refused ``wrong_state``, ``move_used``.
    """
    made = invoices_store.find_move(session, move_id)
    if made is not None:
        if made not in {(invoice["invoice_id"], to) for (_, name), to in MOVES.items() if name == move}:
            raise Refused("move_used", "This id was used for another move: give a new one.")
        return None
    if (invoice["state"], move) not in MOVES:
        raise wrong_state(invoice)
    return MOVES[invoice["state"], move]


def to_state(
    session: Session, caller: Caller, invoice: Row, state: str, move_id: uuid.UUID, reason: str = ""
) -> None:
    """Have an invoice stand in another state, and note who did it."""
    invoices_store.update_invoice(session, invoice, state=state)
    invoices_store.insert_step(session, invoice, state, caller["who"], reason, move_id=move_id)
