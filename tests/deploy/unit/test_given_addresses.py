"""Commands find servers by the same variables as processes do: an address, and a file with its password."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from deploy.cli.system import amqp_url, given_database, reader_url
from libs.common.process.given import password_of


@pytest.fixture(autouse=True)
def no_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CARETALLY_HOME", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_READER_URL", "AMQP_URL", "CARETALLY_TRYING_OUT"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name.removesuffix('_URL')}_PASSWORD_FILE", raising=False)


@pytest.mark.parametrize("name", ["DATABASE_READER_URL", "DATABASE_URL"])
def test_a_file_holds_the_password_of_a_database(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("not in the address\n")
    monkeypatch.setenv(name, "postgresql://caretally_reader@127.0.0.1:5432/caretally")
    monkeypatch.setenv(f"{name.removesuffix('_URL')}_PASSWORD_FILE", str(tmp_path / "password"))
    assert password_of(reader_url()) == "not in the address"


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("DATABASE_READER_URL", "postgresql://u:7hfKsi38dkE94jdP@db.example/c", "without TLS"),
        ("DATABASE_URL", "postgresql://u:for-trying-out@127.0.0.1/c", "published"),
        ("AMQP_URL", "amqp://u:7hfKsi38dkE94jdP@mq.example/", "without TLS"),
    ],
)
def test_no_command_goes_where_no_process_does(
    name: str, url: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(typer.Exit):
        amqp_url() if name == "AMQP_URL" else given_database(name)
    assert said in capsys.readouterr().err


def test_without_a_stack_or_an_address_a_command_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        reader_url()
    assert "caretally up --detach" in capsys.readouterr().err
