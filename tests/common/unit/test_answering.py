"""A step and the schema of what it is asked must fit each other, which is seen when the service is loaded."""

import datetime as dt
from collections.abc import Callable

import pytest
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from libs.common.rights import names as rights
from libs.common.rpc import Caller
from libs.common.rpc.answering import answer_by


class Asked(Schema):
    start = fields.Date(required=True)
    limit = fields.Integer(load_default=10)


def fits(session: Session, caller: Caller, *, start: dt.date, limit: int, now: dt.datetime) -> None:
    """What fits, in words."""


def fits_with_a_default(session: Session, start: dt.date, limit: int, note: str = "") -> None: ...


def takes_no_limit(session: Session, start: dt.date) -> None: ...


def wants_more(session: Session, start: dt.date, limit: int, note: str) -> None: ...


def has_no_session(start: dt.date, limit: int) -> None: ...


@pytest.mark.parametrize("step", [fits, fits_with_a_default])
def test_a_step_that_takes_what_is_asked_becomes_a_method(step: Callable[..., None]) -> None:
    assert answer_by(step, Asked, needs=(rights.KNOW_NAMES,)).__name__ == step.__name__


@pytest.mark.parametrize("step", [takes_no_limit, wants_more, has_no_session])
def test_a_step_that_does_not_fit_its_schema_is_refused(step: Callable[..., None]) -> None:
    with pytest.raises(TypeError, match=step.__name__):
        answer_by(step, Asked, needs=(rights.KNOW_NAMES,))


def test_a_method_says_what_its_step_says() -> None:
    assert answer_by(fits, Asked, needs=(rights.KNOW_NAMES,)).__doc__ == "What fits, in words."
