"""Saved filters as they stand on the pages that they are of: opened by a link, saved by a name."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, g, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session as Transaction

from services.portal.filters import rules, store
from services.portal.schema.tables_filters import SavedFilter
from services.portal.web import access


class Offered(NamedTuple):
    """A saved filter, and the address that it opens."""

    name: str
    href: str
    is_open: bool


def register(app: Flask) -> None:
    """Make `saved_filters` known to templates."""
    app.jinja_env.globals["saved_filters"] = saved_filters


def saved_filters() -> Markup:
    """What is saved of this page, and the form to save what it is limited to; nothing where there is neither."""
    page = request.endpoint or ""
    if request.method != "GET" or g.get("account") is None or not may_be_saved(page):
        return Markup("")
    query = rules.query_of(request.args.items(multi=True))
    with access.the_parts().sessions.begin() as transaction:
        known = [Offered(one.name, href_of(one), one.query == query) for one in _of_page(transaction, page)]
    if not known and not query:
        return Markup("")
    has_this = any(one.is_open for one in known)
    saving = {"page": page, "query": query} if query and not has_this else None
    return Markup(  # noqa: S704 - a template's own
        render_template("saved_filters/offered.html", known=known, saving=saving, longest=rules.LONGEST_NAME)
    )


def may_be_saved(page: str) -> bool:
    """Whether an endpoint is a page that the holder may look at, and that names no single thing."""
    known = current_app.view_functions.keys() >= {page}
    ways = [*current_app.url_map.iter_rules(page)] if known else []
    is_page = any("GET" in (way.methods or ()) and not way.arguments for way in ways)
    return is_page and bool(access.needs_of(page)) and access.may_open(access.account().role, page)


def href_of(one: SavedFilter) -> str:
    """The page with its parameters."""
    return f"{url_for(one.page)}?{one.query}"


def _of_page(transaction: Transaction, page: str) -> list[SavedFilter]:
    return [*store.filters_of(transaction, access.account().account_id, page)]
