"""What clients are charged: the clients of a period, a client's statement, queries of it and their answers (RULES 7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.payments.charges import (
    ChargedClient,
    ChargedClientLine,
    ChargeMessage,
    UnansweredQuery,
)
from services.portal.money.charges.forms import QueryForm, ReplyForm
from services.portal.reports.choices import periods
from services.portal.reports.declared import Asking
from services.portal.reports.rendering.reporting import Reporting
from services.portal.reports.statement import STATEMENT
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, payments
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked

pages = Blueprint("charges", __name__, url_prefix="/charges")

CLIENTS_SHOWN = 100
LIST = Listing(
    "client who is charged",
    "clients who are charged",
    rows="clients",
    method="charged_clients",
    is_of_provider=False,
    columns={
        "Client": "client",
        "Client name": name_from("names", "client"),
        "Period from": lambda row, page: page["start"],
        "Weeks": "weeks",
        "Charges": "charge",
        "Corrections": "corrections",
        "In all": "total",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CHARGES)
@picks_client
def clients() -> ResponseReturnValue:
    """The clients with charges in a period, and the queries that wait for an answer."""
    offered = periods(Asking(gateway(), caller(), access.the_parts().clock().date()), {})
    start = request.args.get("period", "").strip() or (offered[0][0] if offered else None)
    client = request.args.get("client", "").strip()[:50] or None
    found, more = _page(start, client) if start else ([], None)
    waiting = payments().unanswered_about_charges()
    names = client_names(gateway(), caller(), _references(found, waiting))
    return render_list(
        LIST,
        "charges/clients.html",
        periods=offered,
        start=start,
        client=client,
        clients=found,
        names=names,
        more=more,
        waiting=waiting,
        people=_people(message["said_by"] for message in waiting),
    )


@pages.get("/<uuid:client_id>")
@signed_in(rights.READ_CHARGES)
def statement(client_id: uuid.UUID) -> ResponseReturnValue:
    return _statement(client_id)


@pages.get("/<uuid:client_id>/statement.csv")
@signed_in(rights.READ_CHARGES)
def statement_csv(client_id: uuid.UUID) -> ResponseReturnValue:
    client = _charged(client_id)
    return _reporting(client, _name_of(client)).as_csv()


@pages.get("/<uuid:client_id>/statement.pdf")
@signed_in(rights.READ_CHARGES)
def statement_pdf(client_id: uuid.UUID) -> ResponseReturnValue:
    client = _charged(client_id)
    return _reporting(client, _name_of(client)).as_pdf()


@pages.post("/<uuid:client_id>/queries")
@signed_in(rights.ASK_ABOUT_CHARGES)
def query(client_id: uuid.UUID) -> ResponseReturnValue:
    form = QueryForm()
    if not form.validate_on_submit():
        return _statement(client_id, form=form), 400
    day = parse_date((form.week.data or "").strip())
    payments().ask_about_charges(
        client_id=str(client_id),
        monday=day.isoformat() if day else None,
        asked_by=form.asked_by.data.strip(),
        words=form.words.data.strip(),
    )
    flash("The query is kept, and finance sees it.")
    return redirect(url_for("charges.statement", client_id=client_id), 303)


@pages.post("/<uuid:client_id>/queries/<uuid:query_id>/answers")
@signed_in(rights.ANSWER_CHARGES)
def answer(client_id: uuid.UUID, query_id: uuid.UUID) -> ResponseReturnValue:
    form = ReplyForm()
    if not form.validate_on_submit():
        return _statement(client_id, reply=form, answering=str(query_id)), 400
    payments().answer_about_charges(
        client_id=str(client_id),
        query_id=str(query_id),
        words=form.answer.data.strip(),
    )
    flash("The answer is kept.")
    return redirect(url_for("charges.statement", client_id=client_id), 303)


def _page(start: str, client: str | None) -> tuple[list[ChargedClientLine], str | None]:
    """Clients after the cursor, and where the list goes on."""
    place = place_of(cursor_asked(), str, str)
    after = (place[0], place[1]) if place else None
    shown = rows_wanted(CLIENTS_SHOWN)
    found = payments().charged_clients(start=start, client=client, after=after, limit=shown + 1)
    if len(found) <= shown:
        return found, None
    last = found[shown - 1]
    cursor = cursor_of(last["client"], last["client_id"])
    return found[:shown], url_for("charges.clients", period=start, client=client, cursor=cursor)


def _references(found: Iterable[ChargedClientLine], waiting: Iterable[UnansweredQuery]) -> Iterator[str]:
    """The references of these clients, as far as they have any."""
    yield from (one["client"] for one in found)
    yield from (one["client"] for one in waiting if one["client"] is not None)


def _statement(
    client_id: uuid.UUID,
    form: QueryForm | None = None,
    reply: ReplyForm | None = None,
    answering: str | None = None,
) -> str:
    """The statement with the queries; with a form that was sent, shown again."""
    client = _charged(client_id)
    name, messages = _name_of(client), client["messages"]
    more = {"problem": True} if reply is not None else {}
    return _reporting(client, name).on_screen(
        **more,
        client=client,
        name=name,
        queries=group_conversations(messages),
        people=_people(message["said_by"] for message in messages),
        form=form or QueryForm(formdata=None),
        reply=reply or ReplyForm(formdata=None),
        answering=answering,
        may_answer=access.may(rights.ANSWER_CHARGES),
        may_raise_concern=access.may(rights.RAISE_CONCERNS),
    )


def group_conversations(messages: Iterable[ChargeMessage]) -> list[list[ChargeMessage]]:
    """Queries with their answers, the newest query first; each as it was said."""
    by_query = sorted(messages, key=itemgetter("query_id"))
    found = [list(said) for _, said in groupby(by_query, itemgetter("query_id"))]
    return sorted(found, key=lambda said: said[0]["said_at"], reverse=True)


def _charged(client_id: uuid.UUID) -> ChargedClient:
    return payments().charged_client(client_id=str(client_id))


def _name_of(client: ChargedClient) -> str:
    """As far as the reader has care of the client."""
    return client_names(gateway(), caller(), [client["client"]]).get(client["client"], "")


def _reporting(client: ChargedClient, name: str) -> Reporting:
    """The statement of this client as a report."""

    def address(ending: str, **query: Any) -> str:
        endpoint = f"charges.statement{ending.replace('.', '_')}"
        return url_for(endpoint, client_id=client["client_id"], **query)

    fixed = {
        "client_id": client["client_id"],
        "client": client["client"],
        "name": name,
        "newest_week": parse_date(client["newest_week"]),
    }
    return Reporting(STATEMENT, address, fixed, "charges/statement.html")


def _people(ids: Iterable[str]) -> dict[str, str]:
    return names_of(access.the_parts(), access.account(), ids)
