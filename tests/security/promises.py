"""Promises about security, each with a way to try and break it: seeded, and bounded in how often it tries."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.api_council import ApiCouncil

SEED = int(os.environ.get("CARETALLY_SECURITY_SEED", "16"))
TIMES = int(os.environ.get("CARETALLY_SECURITY_TIMES", "1"))
"""How many times as much is tried as in the short form."""
MOST_TOLD = 10


@dataclass
class Outcome:
    """How often a promise was tried, and what broke it."""

    tries: int = 0
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, about: object) -> None:
        """One try; `about`: what was tried, and what came of it."""
        self.tries += 1
        if not holds:
            self.failures.append(str(about)[:600])


@dataclass(frozen=True)
class Site:
    """A council of two providers with all its processes, and the ids of what the first of them has."""

    council: ApiCouncil
    objects: dict[str, str]


Attempt = Callable[[Site, random.Random, int], Outcome]


@dataclass(frozen=True)
class Promise:
    """A sentence that holds, and what tries to break it."""

    sentence: str
    least: int
    """fewer tries than this, in the short form, mean that nothing was looked at"""
    attempt: Attempt

    @property
    def name(self) -> str:
        return self.attempt.__name__

    def keep(self, site: Site, seed: int, times: int) -> Outcome:
        """Try it. The same seed tries the same."""
        return self.attempt(site, random.Random(seed ^ zlib.crc32(self.name.encode())), times)


PROMISES: list[Promise] = []


def promise(sentence: str, least: int) -> Callable[[Attempt], Attempt]:
    """Add what it decorates to PROMISES."""

    def added(attempt: Attempt) -> Attempt:
        PROMISES.append(Promise(sentence, least, attempt))
        return attempt

    return added


def some(chance: random.Random, things: list[Any], most: int) -> list[Any]:
    """At most so many of them, in an order of chance."""
    return chance.sample(things, min(most, len(things)))
