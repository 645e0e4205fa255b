"""A guide's Markdown as HTML in GOV.UK's classes. HTML that stands in the Markdown is shown as text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

CLASSES: Final = {
    "paragraph_open": "govuk-body",
    "heading_open": "govuk-heading-m",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "image": "portal-picture",
}
PICTURES: Final = "guides"
"""The folder of the pictures among the static files."""
_PNG_SIZE: Final = slice(16, 24)
"""Where a PNG file says how wide and how high it is, four bytes each."""

AddressOf = Callable[[str], str | None]
"""Where a link leads, or a picture is, by what the Markdown says; None for a link that the reader may not follow."""


def html_of(text: str, link: AddressOf, picture: AddressOf, pictures: Path) -> str:
    """The HTML of a guide. pictures: the folder of its pictures, which says how large each is."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens_in(tokens):
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.type == "image":
            _show(token, picture, pictures)
        elif token.type == "inline":
            _lead(token.children or [], link)
    return str(parser.renderer.render(tokens, parser.options, {}))


def tokens_of(text: str) -> Iterator[Token]:
    """Each token of a Markdown text, those inside others too."""
    return tokens_in(_parser().parse(text))


def tokens_in(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def size_of(path: Path) -> tuple[int, int]:
    """How wide and how high a PNG file is, in pixels."""
    with path.open("rb") as file:
        size = file.read(_PNG_SIZE.stop)[_PNG_SIZE]
    return int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _show(token: Token, picture: AddressOf, pictures: Path) -> None:
    name = PurePosixPath(str(token.attrs["src"])).name
    width, height = size_of(pictures / name)
    token.attrs |= {"src": picture(name) or "", "width": width, "height": height}


def _lead(inline: list[Token], link: AddressOf) -> None:
    """Give links their addresses; the words of one that the reader may not follow stay, as words."""
    is_hidden = False
    for token in inline:
        if token.type == "link_open":
            address = link(str(token.attrs["href"]))
            is_hidden = token.hidden = address is None
            token.attrSet("href", address or "")
        elif token.type == "link_close":
            token.hidden = is_hidden
