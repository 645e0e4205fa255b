"""The page that the folder begins with: who it is about, what is in each file, and what is still to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from libs.common.care.clock import LONDON
from libs.common.seams.matching.clients import DataSubject
from libs.common.seams.subjects import Cell
from services.portal.protection.subject_access.parts import SHOWN_ROWS, Held
from services.portal.protection.subject_access.rules import TO_READ

STYLE: Final = (
    "body{font:16px/1.4 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}table{border-collapse:collapse;"
    "display:block;overflow-x:auto}th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}"
)
LEFT_OUT: Final = (
    "Names of staff, of carers (they have numbers) and of who asked for somebody; other clients.",
    "What was said in cases that are about other people too.",
    "Files in which providers or the council sent data of many people: what they said of this person stands in the parts.",
    "Visits that once named this person in error and were corrected to another.",
)


def overview(subject: DataSubject, held: Sequence[Held], now: dt.datetime, council: str) -> str:
    """The page, as HTML that needs nothing else."""
    about = Markup("<h1>All that is held about {}</h1><p>{}</p>").format(
        subject["name"] or subject["reference"],
        f"Known as {', '.join(subject['identifiers'])}. Made on {now.astimezone(LONDON):%d %B %Y at %H:%M}"
        f" for {council or 'the council'}.",
    )
    warning = Markup(
        "<p><strong>Before it is handed over:</strong> files in the folder “{}” hold what people wrote. Read them, and"
        " make unreadable what is about somebody else.</p>"
    ).format(TO_READ)
    left_out = Markup("<h2>What is left out</h2><ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(one) for one in LEFT_OUT)
    )
    body = Markup("").join([about, warning, _contents(held), left_out, *map(_part, held)])
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(subject["reference"])}</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def _contents(held: Sequence[Held]) -> Markup:
    rows = Markup("").join(
        Markup('<tr><th scope="row"><a href="{}">{}</a></th><td>{}</td><td>{}</td></tr>').format(
            one.path, one.part["title"], f"{one.count:,}", one.part["words"]
        )
        for one in held
    )
    return Markup(
        '<h2>What there is</h2><table><thead><tr><th scope="col">File</th><th scope="col">Rows</th>'
        '<th scope="col">What it holds</th></tr></thead><tbody>{}</tbody></table>'
    ).format(rows)


def _part(one: Held) -> Markup:
    """A short part whole; nothing of an empty one, and the way to the file of a long one."""
    if not one.count:
        return Markup("")
    heading = Markup("<h2>{}</h2>").format(one.part["title"])
    if one.count > SHOWN_ROWS:
        return heading + Markup('<p>{} rows: see <a href="{}">{}</a>.</p>').format(
            f"{one.count:,}", one.path, one.path
        )
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in one.part["headings"])
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, row))) for row in one.first
    )
    return heading + Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, rows)


def _cell(value: Cell) -> Markup:
    return Markup("<td>{}</td>").format("" if value is None else value)
