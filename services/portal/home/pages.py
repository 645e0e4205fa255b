"""The first page, and the state of the services."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.clients.gateway import Gateway
from services.portal.home import waiting
from services.portal.home.tasks import tasks_of
from services.portal.web import access
from services.portal.web.access import signed_in


def pages(gateway: Gateway) -> Blueprint:
    """`/`: the tasks of who is signed in, or the way in. `/state`: which services answer."""
    found = Blueprint("home", __name__)

    @found.get("/")
    def home() -> ResponseReturnValue:
        return tasks() if g.account is not None else render_template("start.html")

    @signed_in(rights.OWN_ACCOUNT)
    def tasks() -> ResponseReturnValue:
        numbers = waiting.numbers(access.the_parts(), gateway, g.caller, access.account())
        return render_template("home.html", tasks=tasks_of(access.account(), numbers))

    @found.get("/state")
    @signed_in(rights.KNOW_NAMES)
    def state() -> str:
        return render_template("state.html", presences=gateway.presences())

    return found
