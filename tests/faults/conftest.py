"""One stack, and one made council whose copies the rounds import."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.evening import Evening, evening
from tests.support.stack.own_council import OwnCouncil, made_council, own_council
from tests.support.stack.stack import Stack

SEED = int(os.environ.get("CARETALLY_FAULTS_SEED", "20221003"))
"""The council, the moments and the order follow from it. Another one tries other moments."""
EVENINGS = int(os.environ.get("CARETALLY_FAULTS_EVENINGS", "1"))
"""In how many of them every process is killed once."""


@pytest.fixture(scope="session")
def councils(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], OwnCouncil]:
    """Call it for a fresh council: 5 providers, 4 weeks, 20 visits files."""
    folder: Path = tmp_path_factory.mktemp("councils")
    made = made_council(folder / "made", seed=SEED, clients=50, weeks=4)
    numbers: Iterator[int] = itertools.count(1)

    def make_fresh() -> OwnCouncil:
        number = next(numbers)
        return own_council(made, folder / str(number), number)

    return make_fresh


@pytest.fixture(scope="session")
def undisturbed(stack: Stack, councils: Callable[[], OwnCouncil]) -> Evening:
    """What an evening comes to when nothing happens."""
    return evening(stack, councils())
