"""``audit``: whether audit trail and evidence are as they were written, the hash to be kept elsewhere, and retention."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.output import Json, answer, fail, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import given_database, noted
from libs.common.rights import names as rights

if TYPE_CHECKING:
    from services.portal.evidence.store import Connection

audit_app = typer.Typer(
    help="Whether audit trail and evidence are as they were written.", no_args_is_help=True
)

NOT_REACHED = "The database can't be reached: see `caretally status`."
Anchor = Annotated[
    str | None, typer.Option(help="A hash that `audit anchor` printed; the chain must have it.")
]


@audit_app.command("verify")
@needs(rights.READ_TRAIL)
def verify(
    from_batch: Annotated[int, typer.Option(min=1, help="Begin with this batch.")] = 1,
    anchor: Anchor = None,
    json: Json = False,
) -> None:
    """Work out the whole chain again; exit status 1 and the first batch that differs, if one does."""
    from services.portal.evidence.verifying import Broken, Verified
    from services.portal.evidence.verifying import verify as verify_chain

    began_at, found = time.monotonic(), Verified()
    with _connection(_reader_url()) as connection:
        try:
            found = verify_chain(connection, from_batch, _hash_given(anchor))
        except Broken as broken:
            if json:
                answer({"holds": False, "why": str(broken)})
            fail(str(broken))
    rows_a_second = round(found.rows / max(time.monotonic() - began_at, 0.001))
    if json:
        answer({"holds": True, **vars(found), "rows_a_second": rows_a_second})
        return
    disposed = f" ({found.disposed:,} of them disposed of)" if found.disposed else ""
    say(
        f"The chain holds: {found.rows:,} rows{disposed} in {found.batches:,} batches, {rows_a_second:,} rows a second."
    )


@audit_app.command("anchor")
@needs(rights.READ_TRAIL)
def anchor(json: Json = False) -> None:
    """The last hash, to be kept where whoever runs the database can't change it."""
    from services.portal.evidence import store

    with _connection(_reader_url()) as connection:
        number, own = store.last_batch(connection)
    if not number:
        fail("Nothing is chained yet.")
    if json:
        answer({"batch": number, "hash": own.hex()})
    else:
        say(own.hex())


@audit_app.command("dispose")
@needs(rights.OPERATE)
def dispose(
    before: Annotated[str, typer.Option(help="Evidence from before this day, as 2024-10-31.")],
) -> None:
    """Delete old evidence, as the database's administrator. Its hashes stay, and the audit trail does."""
    from services.portal.evidence import store
    from services.portal.evidence.verifying import KEPT_DAYS

    day = _day(before)
    if day > dt.datetime.now(UTC) - dt.timedelta(days=KEPT_DAYS):
        fail(f"Evidence is kept for {KEPT_DAYS} days: choose a day before.")
    with (
        recorded("command.dispose_evidence", ("before", before)) as doing,
        _connection(_admin_url()) as connection,
        connection.transaction(),
    ):
        last = store.last_to_dispose(connection, day)
        count = store.dispose(connection, last) if last else 0
        doing.outcome = f"{count:,} rows, up to batch {last}" if last else "nothing is so old"
    say(f"{count:,} rows of evidence were deleted.")


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    import psycopg

    from services.portal.evidence import store

    try:
        with store.connected(url) as connection:
            yield connection
    except psycopg.OperationalError:
        fail(NOT_REACHED, status=503)


def _reader_url() -> str:
    """The database as the portal, which reads the chain and can't change it."""
    notes: dict[str, Any] = noted()
    url = given_database("DATABASE_URL") or notes.get("role_urls", {}).get("portal_rpc")
    if not url:
        fail("Caretally is not running here: start it with `caretally up --detach`, or set DATABASE_URL.")
    return str(url)


def _admin_url() -> str:
    url = given_database("DATABASE_ADMIN_URL") or noted().get("admin_url")
    if not url:
        fail("Only the database's administrator can do this: set DATABASE_ADMIN_URL.")
    return str(url)


def _hash_given(text: str | None) -> bytes | None:
    try:
        return None if text is None else bytes.fromhex(text.strip())
    except ValueError:
        raise typer.BadParameter("A hash has 64 digits 0-9 and a-f, as `audit anchor` prints it.") from None


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), UTC)
    except ValueError:
        raise typer.BadParameter("Write the day as 2024-10-31.") from None
