"""What journeys share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oracle.story import Story
from tests.support.council.council import Council
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack


@pytest.fixture
def story(council: Council) -> Iterator[Story]:
    """A story to tell to a council that knows nothing yet."""
    story = Story(council)
    yield story
    story.settle()


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider whose care is imported."""
    found = a_provider(tmp_path)
    found.import_care(stack)
    return found


@pytest.fixture(scope="module")
def known_provider(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """The provider of all tests whose files must not come in."""
    found = a_provider(tmp_path_factory.mktemp("files"))
    found.import_care(stack)
    return found
