"""Which stored objects disputes needs: what was attached to messages, concerns and answers."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council

_HELD = text(
    "SELECT object_key, organisation_id::text FROM attachments WHERE object_key = ANY(:keys)"
    " UNION ALL SELECT object_key, NULL FROM concern_files WHERE object_key = ANY(:keys)"
    " UNION ALL SELECT object_key, organisation_id::text FROM breach_files WHERE object_key = ANY(:keys)"
)


def find_held(session: Session, caller: Caller, *, keys: Sequence[str]) -> dict[str, str | None]:
    """Those of these objects that are needed, each with the organisation whose they are. Council only."""
    require_council(caller)
    return {row[0]: row[1] for row in session.execute(_HELD, {"keys": list(keys)})}
