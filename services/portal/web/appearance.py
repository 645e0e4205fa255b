"""How pages look: GOV.UK's components, the council's own name and colour, files that browsers keep."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from services.portal.web import navigation
from services.portal.web.branding import SERVICE_NAME, Branding
from services.portal.web.forms.faults import faults

KEPT = "public, max-age=31536000, immutable"
AREAS = (
    "accounts",
    "actuals",
    "audit",
    "bulk",
    "care",
    "carers",
    "casework",
    "concerns",
    "contacts",
    "documents",
    "filters",
    "gathered",
    "help",
    "home",
    "letters",
    "lists",
    "money",
    "monitoring",
    "offers",
    "operations",
    "proposals",
    "protection",
    "ranking",
    "reports",
    "staff",
    "storage",
    "visits",
    "web",
)
"""Each has templates of its own."""
FILES = ("static", "branding.council")
"""Endpoints of what pages are shown with."""


def register(app: Flask, branding: Branding) -> None:
    """Have every page find GOV.UK's templates, its navigation and the files that it is shown with."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    of_areas = [PackageLoader(f"services.portal.{area}") for area in AREAS]
    app.jinja_loader = ChoiceLoader([*of_areas, components])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["branding"] = branding
    app.jinja_env.globals.update(faults=faults, branding=branding, service_name=SERVICE_NAME)
    app.context_processor(lambda: {"navigation": navigation.entries(g.get("account"))})
    app.register_blueprint(_style_sheet(branding))
    version = _version(Path(app.static_folder or ""), branding)

    @app.url_defaults
    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in FILES:
            values["v"] = version

    @app.after_request
    def let_files_be_kept(response: Response) -> Response:
        """By address and version for good; without a version they are asked for anew."""
        if request.endpoint in FILES:
            is_named = request.args.get("v") == version
            response.headers["Cache-Control"] = KEPT if is_named else "no-cache"
        return response


def _style_sheet(branding: Branding) -> Blueprint:
    found = Blueprint("branding", __name__)

    @found.get("/council.css")
    def council() -> Response:
        return Response(branding.style_sheet(), content_type="text/css; charset=utf-8")

    return found


def _version(folder: Path, branding: Branding) -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256(branding.style_sheet().encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
