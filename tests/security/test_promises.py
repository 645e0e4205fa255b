"""Every promise about security, tried in the short form; `make security` tries the same and more, and prints the table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.security import browsers, cells, files, guesses, injections, odd, stores, walks
from tests.security.promises import PROMISES, SEED, TIMES, Promise, Site

PARTS = (odd, injections, browsers, walks, guesses, stores, cells, files)
"""Where the promises are."""


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_a_promise_is_kept(
    promise: Promise, site: Site, record_property: Callable[[str, object], None]
) -> None:
    outcome = promise.keep(site, SEED, TIMES)
    record_property("promise", promise.sentence)
    record_property("tries", outcome.tries)
    record_property("failures", len(outcome.failures))
    told = "\n".join(outcome.failures[:10])
    assert not outcome.failures, (
        f"{len(outcome.failures)} of {outcome.tries} broke it, with seed {SEED}:\n{told}"
    )
    assert outcome.tries >= promise.least, "too little was tried"


def test_every_file_of_promises_has_some() -> None:
    assert {promise.attempt.__module__ for promise in PROMISES} == {part.__name__ for part in PARTS}
