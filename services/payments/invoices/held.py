"""Which stored objects payments needs: VAT invoices."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council


def find_held(session: Session, caller: Caller, *, keys: Sequence[str]) -> dict[str, str]:
    """Those of these objects that are needed, each with the organisation whose they are. Council only."""
    require_council(caller)
    rows = session.execute(
        text(
            "SELECT attachment_key, organisation_id::text FROM invoices"
            " WHERE attachment_key <> '' AND attachment_key = ANY(:keys)"
        ),
        {"keys": list(keys)},
    )
    return {row[0]: row[1] for row in rows}
