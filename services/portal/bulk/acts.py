"""What can be done to many rows: each act is declared in its own area, as an `Act`, and named in `app.py`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from flask import Flask, current_app, url_for

from libs.common.errors import Refused
from services.portal.bulk.rules import FoundRow
from services.portal.web import access
from services.portal.web.forms.text import TextForm

Filters = Mapping[str, str]
"""What a list is limited to, by the names that its address has for it."""


class ToDo(NamedTuple):
    """A row that is to be done: its key, and the version of it that was shown."""

    key: str
    seen: str


class Doing(NamedTuple):
    """Rows that are to be done in one go, with what was filled in; `bulk_id` is the same when it is tried again."""

    bulk_id: uuid.UUID
    rows: Sequence[ToDo]
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """title: *Delete visits*. button: of the list, that leads there. verb: of the page's button, before the number of
    rows. one, many: a row and several. done: what became of them. money: what their pounds are. warning: what to know
    before it is done."""

    title: str
    button: str
    verb: str
    one: str
    many: str
    done: str
    money: str
    warning: str = ""


@dataclass(frozen=True)
class Act:
    """One thing that can be done to many rows.

    needs: the right of the same thing done to one row. reads: the right to see what it was done to.
    box: the name of the boxes that are ticked in its lists; each has a key for its value.
    form: what is filled in before it is done, for rows of these providers; its fields but passwords are kept.
    find: rows as they are now, by their keys; what is not there is left out. Raises Refused for what is no key.
    all_keys: of what filters show, one more than is done at once. list_address: of the list with these filters.
    do: does these rows, and says by key why any was left; asked again for the same it answers the same.
    judge: looks at the form once more before anything is done, such as at a password. Raises Refused.
    leads_to: where one looks at what came of it. is_of_api: whether a token may do it.
    is_of_providers: whether the API names rows by what one provider calls them: its keys are `organisation id/name`.
    """

    name: str
    needs: str
    reads: str
    words: Words
    box: str
    form: Callable[..., TextForm]
    find: Callable[[Sequence[str]], list[FoundRow]]
    all_keys: Callable[[Filters], list[str]]
    list_address: Callable[[Filters], str]
    do: Callable[[Doing], Mapping[str, str]]
    portion: int = 100
    judge: Callable[[TextForm], None] | None = None
    leads_to: Callable[[uuid.UUID], str] | None = None
    is_of_api: bool = True
    is_of_providers: bool = False


def register(app: Flask, listed: Iterable[Act]) -> None:
    """Make these known, and to templates which of them somebody may do: ``bulk_acts("delete_visits")``."""
    app.extensions["bulk_acts"] = {act.name: act for act in listed}
    app.jinja_env.globals.update(bulk_acts=offered)


def offered(*names: str) -> list[tuple[str, str]]:
    """Name and button of those of these acts that who is signed in may do."""
    return [(name, act.words.button) for name in names if access.may((act := acts()[name]).needs)]


def address_with(endpoint: str, filters: Filters, *names: str, **more: Any) -> str:
    """The address of a list, with those of these filters that say something."""
    given: dict[str, Any] = {name: filters[name] for name in names if filters.get(name)}
    return url_for(endpoint, **given, **more)


def acts() -> dict[str, Act]:
    """All acts by name, as `app.py` lists them."""
    return cast(dict[str, Act], current_app.extensions["bulk_acts"])


def require_act(name: str) -> Act:
    """Raises Refused ``not_found``."""
    found = acts().get(name)
    if found is None:
        raise Refused("not_found", "There is no such thing to do to many rows.")
    return found
