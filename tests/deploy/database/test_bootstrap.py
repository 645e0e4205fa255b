"""Roles, schemas, migrations and grants of a stack."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import psycopg
import pytest

from deploy.dev.derived import derived_from
from deploy.ops import migrate as migrating
from deploy.ops.bootstrap import append_only, bootstrap
from deploy.ops.migrate import Locked, migrate
from deploy.ops.roles import SCHEMAS, role_url

WORD = "a secret of tests"
PASSWORDS = derived_from(WORD)


@pytest.fixture(scope="module")
def admin_url(database: Callable[[], str]) -> str:
    url = database()
    bootstrap(url, PASSWORDS)
    return url


def test_doing_it_again_changes_nothing_and_fails_nothing(admin_url: str) -> None:
    bootstrap(admin_url, PASSWORDS)


def test_processes_that_migrate_at_the_same_time_do_not_hurt_each_other(database: Callable[[], str]) -> None:
    program = (
        "import sys; from deploy.dev.derived import derived_from; from deploy.ops.bootstrap import bootstrap;"
        " bootstrap(sys.argv[1], derived_from(sys.argv[2]))"
    )
    urls = [database(), database()]
    started = [
        subprocess.Popen([sys.executable, "-c", program, url, WORD], stderr=subprocess.PIPE, text=True)
        for url in urls * 2
    ]
    assert [process.communicate()[1] for process in started] == [""] * 4
    assert [process.returncode for process in started] == [0] * 4


def test_a_migration_stands_back_from_a_lock_so_that_nobody_queues_behind_it(
    admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_ATTEMPTS", 2)
    monkeypatch.setattr(migrating, "LOCK_PAUSES_SECONDS", (0.1,))
    with psycopg.connect(admin_url) as somebody:
        somebody.execute("LOCK TABLE ingest.alembic_version")
        began = time.monotonic()
        with pytest.raises(Locked, match="Nothing of it was changed"):
            migrate("ingest", admin_url, "ingest_owner")
        assert time.monotonic() - began < 30  # two seconds each
    migrate("ingest", admin_url, "ingest_owner")


@pytest.mark.parametrize(
    ("service", "table"), [(service, table) for service in SCHEMAS for table in append_only(service)]
)
def test_what_is_append_only_can_not_be_changed_by_rpc(admin_url: str, service: str, table: str) -> None:
    with psycopg.connect(role_url(admin_url, f"{service}_rpc", PASSWORDS), autocommit=True) as session:
        session.execute(f"SELECT count(*) FROM {service}.{table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"DELETE FROM {service}.{table}")


def test_no_service_reads_another_ones_schema(admin_url: str) -> None:
    with (
        psycopg.connect(role_url(admin_url, "payments_work", PASSWORDS)) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("SELECT 1 FROM ingest.visits")


def test_the_reader_reads_no_accounts(admin_url: str) -> None:
    with (
        psycopg.connect(role_url(admin_url, "caretally_reader", PASSWORDS)) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("SELECT 1 FROM portal.accounts")


def test_the_reader_reads_the_services_schemas_and_writes_none(admin_url: str) -> None:
    with psycopg.connect(role_url(admin_url, "caretally_reader", PASSWORDS), autocommit=True) as session:
        session.execute("SELECT (SELECT count(*) FROM ingest.visits), (SELECT count(*) FROM payments.items)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("DELETE FROM payments.items")


def test_owners_sign_in_nowhere(admin_url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"not permitted to log in|authentication failed"):
        psycopg.connect(role_url(admin_url, "ingest_owner", PASSWORDS))


def test_a_role_with_the_password_of_another_secret_is_refused(admin_url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(role_url(admin_url, "ingest_rpc", derived_from("not this one")))
