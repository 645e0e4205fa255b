"""Whose portal it is: the council's name, address and colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from environs import Env
from flask import current_app

from libs.common.errors import ConfigError

SERVICE_NAME = "Caretally"


@dataclass(frozen=True)
class Branding:
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


def from_environment() -> Branding:
    """PORTAL_COUNCIL_NAME, PORTAL_COUNCIL_ADDRESS (commas between its lines) and PORTAL_COLOUR.

    ConfigError when the colour is none.
    """
    env = Env()
    colour = env.str("PORTAL_COLOUR", "") or Branding.colour
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ConfigError("PORTAL_COLOUR must be # and six hexadecimal digits, like #1d3c5c.")
    lines = (line.strip() for line in env.str("PORTAL_COUNCIL_ADDRESS", "").split(","))
    name = env.str("PORTAL_COUNCIL_NAME", "").strip() or SERVICE_NAME
    return Branding(name, colour.lower(), tuple(filter(None, lines)))


def the_branding() -> Branding:
    """Of the portal that is running."""
    return cast(Branding, current_app.extensions["branding"])


def council_in_a_sentence() -> str:
    """The council's name; where it has given none, what stands for it in a sentence."""
    name = the_branding().council_name
    return "the council" if name == SERVICE_NAME else name


def text_on(colour: str) -> str:
    """White where its contrast is enough for any text (WCAG 1.4.3: 4.5 to 1), else black, whose then is."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#000000"
