"""How a service's class answers by its steps: wiring in a line a method, which says what right it needs (RULES 14).

class PaymentsService(...):
    db = Database()
    place_hold = answer_by(week_steps.place, PlaceHold, needs=(rights.HOLD_PAYMENTS,))
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from marshmallow import Schema

from libs.common.care.clock import now
from libs.common.rights import table
from libs.common.rpc import Caller
from libs.common.rpc.callers import require
from libs.common.rpc.service import rpc

Answered = TypeVar("Answered")
GIVEN = frozenset({"session", "caller", "now"})
"""What a step is given beside what was asked, where its signature names it."""
LIMIT: Final = "limit"
PLACES: Final = frozenset({"after", "before", "after_organisation", "after_ref"})
"""By which a list goes on, in what methods are asked; each has what it begins with where it is left out."""


def answering(*needs: str) -> Callable[[Callable[..., Answered]], Callable[..., Answered]]:
    """An RPC method for whoever has one of the rights that it `needs`, of a function that is not `answer_by`.

    The method has `needs`, for whoever looks at all of a service. ValueError for one that names no right.
    """
    if not needs or not table.TABLE.keys() >= set(needs):
        raise ValueError(f"an RPC method must name rights of the table, not {needs}")

    def registered(method: Callable[..., Answered]) -> Callable[..., Answered]:
        def answer(self: Any, caller: Caller, /, **payload: Any) -> Answered:
            require(caller, *needs)
            return method(self, caller, **payload)

        answer.__name__, answer.__doc__ = method.__name__, method.__doc__
        answer.needs = needs  # type: ignore[attr-defined]
        return rpc(answer)

    return registered


def answer_by(
    step: Callable[..., Answered], asked: type[Schema] | None = None, *, needs: tuple[str, ...]
) -> Callable[..., Answered]:
    """An RPC method that loads what is asked by a schema, and runs the step in one transaction of the caller's.

    needs: the rights of which the caller has one; Refused ``not_allowed`` before anything is looked at.

    step: a function of a session; it names ``caller`` (who asks) and ``now`` (the moment) if it needs them, and by
    keyword whatever ``asked`` loads. Raises TypeError, when the service is loaded, for a step that does not fit its
    schema. The method answers what the step does, and commits; it raises what the step raises, and ValidationError.
    That of a list with a `limit` has `count`, which says how long the whole list is, by the very step that lists it.
    """
    given = _given_to(step, asked)

    def answer(self: Any, caller: Caller, /, **payload: Any) -> Answered:
        wanted: Mapping[str, Any] = asked().load(payload) if asked else {}
        facts = {"caller": caller, "now": now()}
        with self.db.transaction(caller) as session:
            return step(session, **{name: facts[name] for name in given}, **wanted)

    def count(self: Any, caller: Caller, payload: Mapping[str, Any], most: int) -> int:
        require(caller, *needs)
        whole = {name: value for name, value in payload.items() if name not in PLACES} | {LIMIT: 1}
        wanted = (asked().load(whole) if asked else {}) | {LIMIT: most}
        facts = {"caller": caller, "now": now()}
        with self.db.transaction(caller) as session:
            return len(step(session, **{name: facts[name] for name in given}, **wanted))  # type: ignore[arg-type]

    answer.__name__, answer.__doc__ = _name_of(step), inspect.getdoc(step)
    method = answering(*needs)(answer)
    if asked is not None and LIMIT in asked().load_fields:
        method.count = count  # type: ignore[attr-defined]
    return method


def _given_to(step: Callable[..., object], asked: type[Schema] | None) -> list[str]:
    """Which of the caller and the moment a step names. Raises TypeError where it does not fit its schema."""
    session, *parameters = inspect.signature(step).parameters.values()
    names = {one.name for one in parameters} - GIVEN
    loaded = {field.attribute or name for name, field in asked().load_fields.items()} if asked else set()
    lacking = {one.name for one in parameters if one.default is one.empty} - GIVEN - loaded
    if session.name != "session" or lacking or loaded - names:
        raise TypeError(
            f"{_name_of(step)} is asked {sorted(loaded)}, and takes {session.name}, {sorted(names)}"
        )
    return [one.name for one in parameters if one.name in GIVEN]


def _name_of(step: Callable[..., object]) -> str:
    return step.func.__name__ if isinstance(step, functools.partial) else step.__name__
