"""What files hold in the object store, for the council: by organisation, and what was swept away."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.storage.rules import UNATTACHED, megabytes
from services.portal.storage.views import list_held, list_sweeps
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("storage", __name__, url_prefix="/storage")

LIST = Listing(
    "organisation with files",
    "organisations with files",
    is_of_provider=False,
    columns={
        "Whose": lambda row, page: page["names"].get(
            row.organisation_id, row.organisation_id or "The council"
        ),
        "Files": "held_files",
        "Files today": "files_today",
        "Bytes": "held_bytes",
        "Bytes allowed": "most_bytes",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_STORAGE)
def held() -> ResponseReturnValue:
    parts = access.the_parts()
    rows = list_held(parts)
    ids = {row.organisation_id for row in rows if row.organisation_id}
    return render_list(
        LIST,
        "storage.html",
        rows=rows,
        names=names_by_id(gateway(), ids) if ids else {},
        sweeps=list_sweeps(parts),
        megabytes=megabytes,
        files_a_day=parts.allowed.files_a_day,
        days=UNATTACHED.days,
    )
