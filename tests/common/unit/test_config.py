"""Settings come from the environment, and what is missing is said in a sentence."""

from __future__ import annotations

import pytest

from libs.common.errors import ConfigError
from libs.common.process.config import settings


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URL", "DATABASE_URL", "HEALTH_PORT", "LOG_LEVEL", "CARETALLY_OBJECTS"):
        monkeypatch.delenv(name, raising=False)


def test_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URL", "amqp://u:p@127.0.0.1/v")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1/d")
    monkeypatch.setenv("HEALTH_PORT", "8101")
    found = settings()
    assert (found.amqp_url, found.database_url, found.health_port) == (
        "amqp://u:p@127.0.0.1/v",
        "postgresql://u:p@127.0.0.1/d",
        8101,
    )
    assert found.log_level == "INFO"


@pytest.mark.parametrize(
    ("name", "value"), [("AMQP_URL", "amqp://u:p@h/v"), ("DATABASE_URL", "postgresql://u:p@h/d")]
)
def test_what_no_process_starts_with_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv("CARETALLY_TRYING_OUT", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        settings(needs=())


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(
        ConfigError, match=r"AMQP_URL is not set: give .*\. DATABASE_URL is not set: give .*\."
    ):
        settings()


def test_only_what_is_needed_must_be_there() -> None:
    assert settings(needs=()).health_port == 0
    with pytest.raises(ConfigError, match="CARETALLY_OBJECTS is not set"):
        settings(needs=("objects_url",))


@pytest.mark.parametrize(
    ("name", "value"), [("HEALTH_PORT", "x"), ("HEALTH_PORT", "99999"), ("LOG_LEVEL", "LOUD")]
)
def test_a_setting_that_cannot_be_right_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        settings(needs=())
