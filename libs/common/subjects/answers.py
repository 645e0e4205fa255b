"""The methods by which a service says what it holds about a person: wiring for each service's class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from libs.common.rights import names as rights
from libs.common.rpc.answering import answer_by
from libs.common.subjects.parts import Part
from libs.common.subjects.reading import teller_of
from libs.common.subjects.schemas import HeldAsked


def answers_about(parts: Sequence[Part]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`held_parts` and `held_rows` of a service with these parts."""
    say_parts, read_rows = teller_of(parts)
    needs = (rights.EXPORT_PERSON,)
    return answer_by(say_parts, needs=needs), answer_by(read_rows, HeldAsked, needs=needs)
