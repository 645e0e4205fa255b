"""What journeys share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle.story import Story
from tests.support.council.council import Council


@pytest.fixture
def story(council: Council) -> Iterator[Story]:
    """A story to tell to a council that knows nothing yet."""
    story = Story(council)
    yield story
    story.settle()
