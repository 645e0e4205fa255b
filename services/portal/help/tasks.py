"""Guides by task: Markdown files in `guides`, which Help shows and `docs/guides` lists.

A file begins with what is no text: between two lines `---` whom it is for, one sentence that says what it is about, and
the pictures that `make pictures` takes for it. Then come its title and its text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "guides"
FENCE: Final = "---\n"
SIDES: Final = ("provider", "council")
ORDER: Final = (
    "send-visits",
    "enter-actuals",
    "answer-a-dispute",
    "make-invoices",
    "import-care",
    "close-a-period",
    "raise-and-close-disputes",
    "set-pay-rules",
    "look-after-accounts",
)
"""As Help lists them."""


@dataclass(frozen=True)
class Picture:
    """What of the demonstration is taken as a picture.

    account: who looks; address: where they begin; links: the words of the links that they follow from there.
    """

    file_name: str
    account: str
    address: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """One task. name: of its file, without the ending; side: whose task it is; text: Markdown below the title."""

    name: str
    side: str
    says: str
    title: str
    text: str
    pictures: tuple[Picture, ...]


@functools.cache
def every_guide() -> dict[str, Guide]:
    """All guides by name, in the order of Help."""
    return {name: parse(name, (FOLDER / f"{name}.md").read_text("utf-8")) for name in ORDER}


def guides_for(side: str) -> dict[str, Guide]:
    """What one side reads: a provider its own, the council all, for it answers providers."""
    return {name: guide for name, guide in every_guide().items() if side in ("council", guide.side)}


def parse(name: str, written: str) -> Guide:
    """A file's text as a guide. ValueError says what is wrong with it."""
    before, fence, after = written.removeprefix(FENCE).partition(FENCE)
    if not written.startswith(FENCE) or not fence:
        raise ValueError(f"{name}: it begins with lines between two {FENCE.strip()}")
    facts = dict(_facts(name, before))
    title, _, text = after.strip().partition("\n")
    if facts.get("for") not in SIDES or not facts.get("says") or not title.startswith("# "):
        raise ValueError(f"{name}: it says whom it is for, what it is about, and has a title")
    pictures = tuple(_picture(key, value) for key, value in facts.items() if key.endswith(".png"))
    return Guide(name, facts["for"], facts["says"], title.removeprefix("# "), text.strip(), pictures)


def _facts(name: str, lines: str) -> Iterator[tuple[str, str]]:
    for line in lines.splitlines():
        key, colon, value = line.partition(": ")
        if not colon:
            raise ValueError(f"{name}: {line!r} is no line of a name and what it says")
        yield key.strip(), value.strip()


def _picture(file_name: str, written: str) -> Picture:
    """`finance / > Finalise the period`: who, from where, and by which links."""
    begins, *links = (part.strip() for part in written.split(" > "))
    account, _, address = begins.partition(" ")
    return Picture(file_name, account, address, tuple(links))
