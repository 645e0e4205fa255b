"""A client is picked by a name, a reference or a part of either, wherever a list is limited to one (RULES 20).

Views know clients by references alone. So what somebody wrote is made a reference before they are asked: by itself where
one client alone is meant, else by whoever wrote it, on a page between.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused, ServiceUnavailable
from services.portal.clients.matching import MatchingClient
from services.portal.web.access import caller
from services.portal.web.calls import gateway

CLIENT: Final = "client"
EXACT: Final = "exact"
"""The parameter by which what was written is taken as it stands: visits may name a client who is unknown."""
LONGEST: Final = 50
OFFERED: Final = 20

View = Callable[..., ResponseReturnValue]


def picks_client(view: View) -> View:
    """A view that is `signed_in`, whose `?client=` somebody may have written in their own way."""

    @functools.wraps(view)
    def picked(**named: Any) -> ResponseReturnValue:
        written = " ".join(request.args.get(CLIENT, "").split())
        is_asked = 0 < len(written) <= LONGEST and EXACT not in request.args
        answer = _pick(written) if is_asked else None
        return view(**named) if answer is None else answer

    return picked


def _pick(written: str) -> ResponseReturnValue | None:
    """Where to go on; None where the view can be asked as it stands. It says itself when a service is away."""
    try:
        found = MatchingClient(gateway(), caller(), is_quick=True).pick_clients(written=written)
    except (Refused, ServiceUnavailable):
        return None
    clients = found["clients"]
    if found["is_known"] or not clients:
        return None
    if len(clients) == 1:
        return redirect(_with_client(clients[0]["reference"]))
    return render_template(
        "pick_client.html",
        written=written,
        clients=[(one, _with_client(one["reference"])) for one in clients[:OFFERED]],
        has_more=len(clients) > OFFERED,
        without=_with_client(None),
        exact=_with_client(written, exact=True),
    )


def _with_client(reference: str | None, *, exact: bool = False) -> str:
    """This page's address, limited to another client or to none; its pages begin anew."""
    left_out = (CLIENT, EXACT, "cursor", "back")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in left_out]
    limited = [(CLIENT, reference)] if reference else []
    query = urlencode([*kept, *limited, *([(EXACT, "y")] if exact else [])])
    return f"{request.path}?{query}" if query else request.path
