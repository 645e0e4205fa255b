"""What files hold in the object store, for the council: by organisation, and what was swept away."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.storage.rules import UNATTACHED, megabytes
from services.portal.storage.views import list_held, list_sweeps
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("storage", __name__, url_prefix="/storage")


@pages.get("")
@signed_in(rights.READ_STORAGE)
def held() -> ResponseReturnValue:
    parts = access.the_parts()
    rows = list_held(parts)
    ids = {row.organisation_id for row in rows if row.organisation_id}
    return render_template(
        "storage.html",
        rows=rows,
        names=names_by_id(gateway(), ids) if ids else {},
        sweeps=list_sweeps(parts),
        megabytes=megabytes,
        files_a_day=parts.allowed.files_a_day,
        days=UNATTACHED.days,
    )
