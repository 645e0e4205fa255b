"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from services.portal.gateway import Gateway


def pages(gateway: Gateway) -> Blueprint:
    """`/`: what this is, and which services answer."""
    found = Blueprint("home", __name__)

    @found.get("/")
    def home() -> str:
        return render_template("home.html", presences=gateway.presences())

    return found
