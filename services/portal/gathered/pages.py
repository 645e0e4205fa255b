"""One page a provider: for the council, and its own for a provider (RULES 20)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.gathered.of_provider import Provider, gather_of_provider
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, is_council, matching, organisation_chosen
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.organisations import id_of, names_by_id

pages = Blueprint("providers", __name__, url_prefix="/providers")

LIST = Listing("provider", "providers", {"Provider": lambda name, page: name}, is_of_provider=False)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CLIENTS)
def listed() -> ResponseReturnValue:
    return render_list(LIST, "gathered/providers.html", rows=matching().organisations())


@pages.get("/one")
@signed_in(rights.READ_CARE)
def one() -> ResponseReturnValue:
    """The provider of the address (`?organisation=NAME`); a provider's own."""
    chosen = organisation_chosen() if is_council() else None
    if is_council() and chosen is None:
        return redirect(url_for("providers.listed"))
    organisation_id = id_of(gateway(), caller(), chosen) or str(access.account().organisation_id)
    known = names_by_id(gateway(), [organisation_id])
    name = known.get(organisation_id) or chosen or access.account().organisation or ""
    # what is asked and opened names it as it is called now
    about = Provider(organisation_id, name, name if is_council() else None)
    return render_template("gathered/provider.html", about=about, sections=gather_of_provider(about))
