"""How pages look: GOV.UK's components, the council's own name and colour, files that browsers keep."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env
from flask import Blueprint, Flask, Response, g, request
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from libs.common.process.config import ConfigError
from services.portal.web import navigation
from services.portal.web.form_faults import faults

SERVICE_NAME = "Caretally"
KEPT = "public, max-age=31536000, immutable"
AREAS = (
    "accounts",
    "audit",
    "care",
    "carers",
    "casework",
    "contacts",
    "documents",
    "help",
    "home",
    "letters",
    "lists",
    "money",
    "operations",
    "proposals",
    "reports",
    "visits",
    "web",
)
"""Each has templates of its own."""
FILES = ("static", "look.council")
"""Endpoints of what pages are shown with."""


@dataclass(frozen=True)
class Look:
    """Whose portal it is. colour: six hexadecimal digits after #; council_address: the lines of a letterhead."""

    council_name: str = SERVICE_NAME
    colour: str = "#1d3c5c"
    council_address: tuple[str, ...] = ()

    @property
    def letterhead(self) -> tuple[str, ...]:
        return self.council_name, *self.council_address

    def style_sheet(self) -> str:
        """The header's colour, and white or black on it: whichever is read more easily."""
        return f":root{{--council-colour:{self.colour};--council-text:{text_on(self.colour)}}}\n"


def from_environment() -> Look:
    """PORTAL_COUNCIL_NAME, PORTAL_COUNCIL_ADDRESS (commas between its lines) and PORTAL_COLOUR.

    ConfigError when the colour is none.
    """
    env = Env()
    colour = env.str("PORTAL_COLOUR", "") or Look.colour
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ConfigError("PORTAL_COLOUR must be # and six hexadecimal digits, like #1d3c5c.")
    lines = (line.strip() for line in env.str("PORTAL_COUNCIL_ADDRESS", "").split(","))
    name = env.str("PORTAL_COUNCIL_NAME", "").strip() or SERVICE_NAME
    return Look(name, colour.lower(), tuple(filter(None, lines)))


def register(app: Flask, look: Look) -> None:
    """Have every page find GOV.UK's templates, its navigation and the files that it is shown with."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    of_areas = [PackageLoader(f"services.portal.{area}") for area in AREAS]
    app.jinja_loader = ChoiceLoader([*of_areas, components])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["look"] = look
    app.jinja_env.globals.update(faults=faults, look=look, service_name=SERVICE_NAME)
    app.context_processor(lambda: {"navigation": navigation.entries(g.get("account"))})
    app.register_blueprint(_style_sheet(look))
    version = _version(Path(app.static_folder or ""), look)

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


def text_on(colour: str) -> str:
    """White where its contrast is enough for any text (WCAG 1.4.3: 4.5 to 1), else black, whose then is."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#000000"


def _style_sheet(look: Look) -> Blueprint:
    found = Blueprint("look", __name__)

    @found.get("/council.css")
    def council() -> Response:
        return Response(look.style_sheet(), content_type="text/css; charset=utf-8")

    return found


def _version(folder: Path, look: Look) -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256(look.style_sheet().encode())
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
