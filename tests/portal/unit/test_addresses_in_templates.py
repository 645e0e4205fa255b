"""Every link and form of a page leads to a view that there is: a template says so only when it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.portal.app import create_app
from tests.support.portal.accounts import NoGateway, nowhere

ROOT = Path(__file__).resolve().parents[3] / "services" / "portal"
NAMED = re.compile(r"""url_for\(\s*(["'])([\w.]+\w)\1""")


@pytest.mark.parametrize("ending", ["html", "py"])
def test_every_address_is_that_of_a_view(ending: str) -> None:
    views = create_app(NoGateway(), nowhere()).view_functions  # type: ignore[arg-type]
    named = {
        (str(path.relative_to(ROOT)), match[2])
        for path in ROOT.rglob(f"*.{ending}")
        for match in NAMED.finditer(path.read_text())
    }
    assert len(named) > 50
    assert sorted((path, name) for path, name in named if name not in views) == []
