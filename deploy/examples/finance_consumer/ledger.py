"""The finance system's own books, in SQLite: what was heard, and what it comes to.

An event is taken in one transaction: its id, its number and its money are kept together or not at all.
Pounds are kept as whole pence.
"""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, stream TEXT NOT NULL, number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS streams (stream TEXT PRIMARY KEY, applied_to INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS early (stream TEXT, number INTEGER, body TEXT NOT NULL, PRIMARY KEY (stream, number));
CREATE TABLE IF NOT EXISTS items (
    id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, period TEXT NOT NULL, contract TEXT NOT NULL,
    client TEXT NOT NULL, cpli_id INTEGER, week TEXT, kind TEXT NOT NULL,
    pence INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS items_of_period ON items (organisation_id, period);
CREATE TABLE IF NOT EXISTS lines (
    event_id TEXT NOT NULL, number INTEGER NOT NULL, item_id TEXT NOT NULL, period TEXT NOT NULL,
    status TEXT NOT NULL, pence INTEGER NOT NULL, PRIMARY KEY (event_id, number));
CREATE INDEX IF NOT EXISTS lines_of_period ON lines (period, status);
CREATE TABLE IF NOT EXISTS charges (id TEXT PRIMARY KEY, client TEXT NOT NULL, week TEXT NOT NULL, pence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS remittances (id TEXT PRIMARY KEY, organisation_id TEXT NOT NULL, period TEXT NOT NULL,
    contract TEXT, pence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS problems (id TEXT PRIMARY KEY, what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS archive (only INTEGER PRIMARY KEY CHECK (only = 1), read_to INTEGER NOT NULL);
"""

APPLIED, REPEATED, EARLY = "applied", "repeated", "early"


class Ledger:
    """See the module. Use it from one thread."""

    def __init__(self, path: str | Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(TABLES)
        # Books from before there were lines: their items are payable.
        self._database.execute(
            "INSERT INTO lines SELECT id, 0, id, period, 'payable', pence FROM items"
            " WHERE id NOT IN (SELECT item_id FROM lines)"
        )

    def close(self) -> None:
        self._database.close()

    def take(self, event: dict[str, Any]) -> str:
        """Take an event: APPLIED, REPEATED when it was here before, or EARLY when others are missing before it."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            return self._take(event)

    def _take(self, event: dict[str, Any]) -> str:
        stream, number = event["partitionkey"], int(event["sequence"])
        if self._one("SELECT 1 FROM events WHERE id = ?", event["id"]):
            return REPEATED
        if number <= self._applied_to(stream):
            self._note(
                event["id"], f"{event['id']} says the number {number} of {stream}, which another event had"
            )
            return REPEATED
        if number > self._applied_to(stream) + 1:
            # Kept until the missing ones are here, so that money is always counted in the order of posting.
            row = (stream, number, json.dumps(event))
            self._database.execute("INSERT OR IGNORE INTO early VALUES (?, ?, ?)", row)
            return EARLY
        self._apply(event)
        self._apply_what_waited(stream)
        return APPLIED

    def _apply_what_waited(self, stream: str) -> None:
        while True:
            following = self._applied_to(stream) + 1
            waited = self._one("SELECT body FROM early WHERE stream = ? AND number = ?", stream, following)
            if not waited:
                return
            self._apply(json.loads(waited[0]))
            self._database.execute("DELETE FROM early WHERE stream = ? AND number = ?", (stream, following))

    def _apply(self, event: dict[str, Any]) -> None:
        stream, number = event["partitionkey"], int(event["sequence"])
        self._database.execute("INSERT INTO events VALUES (?, ?, ?)", (event["id"], stream, number))
        self._database.execute("INSERT OR REPLACE INTO streams VALUES (?, ?)", (stream, number))
        steps = {
            "payment.item.posted.v1": self._apply_item,
            "payment.item.moved.v1": self._apply_move,
            "charge.posted.v1": self._apply_charge,
            "payment.period.finalised.v1": self._check_period,
            "remittance.issued.v1": self._apply_remittance,
        }
        step = steps.get(event["type"])
        if step is not None:  # a type that came later than this program only counts in the sequence
            step(event["id"], event["data"])

    def _apply_item(self, event_id: str, item: dict[str, Any]) -> None:
        names = ("organisation_id", "period_start", "contract", "client_reference", "cpli_id", "week", "kind")
        row = (event_id, *(item[name] for name in names), pence(item["amount"]), item["reason"])
        self._database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        line = {name: item[name] for name in ("period_start", "amount")}
        self._add_lines(event_id, event_id, [line | {"status": item.get("status", "payable")}])

    def _apply_move(self, event_id: str, move: dict[str, Any]) -> None:
        """What was held, released or split: money stands elsewhere, and what is not payable is not to be paid."""
        self._add_lines(event_id, move["item_id"], move["lines"])

    def _add_lines(self, event_id: str, item_id: str, lines: list[dict[str, Any]]) -> None:
        rows = [
            (event_id, number, item_id, line["period_start"], line["status"], pence(line["amount"]))
            for number, line in enumerate(lines)
        ]
        self._database.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _apply_charge(self, event_id: str, charge: dict[str, Any]) -> None:
        row = (event_id, charge["client_reference"], charge["week"], pence(charge["amount"]))
        self._database.execute("INSERT INTO charges VALUES (?, ?, ?, ?)", row)

    def _apply_remittance(self, event_id: str, remittance: dict[str, Any]) -> None:
        names = ("organisation_id", "period_start", "contract")
        row = (event_id, *(remittance[name] for name in names), pence(remittance["payable"]))
        self._database.execute("INSERT INTO remittances VALUES (?, ?, ?, ?, ?)", row)

    def _check_period(self, event_id: str, period: dict[str, Any]) -> None:
        """All items and moves of a period come before its end: what we counted must be what it says."""
        of = "organisation_id = ? AND {}.period = ? AND contract = coalesce(?, contract)"
        which = (period["organisation_id"], period["period_start"], period["contract"])
        count, counted = self._one(
            f"SELECT count(*), coalesce(sum(pence), 0) FROM items WHERE {of.format('items')}", *which
        )
        (payable,) = self._one(
            "SELECT coalesce(sum(lines.pence), 0) FROM lines JOIN items ON items.id = item_id"
            f" WHERE status = 'payable' AND {of.format('lines')}",
            *which,
        )
        said = (period["items"], pence(period["posted"]), pence(period["payable"]))
        if (count, counted, payable) != said:
            what = f"{count} items, {pounds(counted)}, {pounds(payable)} payable were heard of {json.dumps(period)}"
            self._note(event_id, what)

    def _note(self, event_id: str, what: str) -> None:
        self._database.execute("INSERT OR IGNORE INTO problems VALUES (?, ?)", (event_id, what))

    def gaps(self) -> list[tuple[str, int, int]]:
        """(stream, first, last) of the numbers that are missing before what came early."""
        rows = self._database.execute(
            "SELECT early.stream, coalesce(applied_to, 0) + 1, min(number) - 1 FROM early"
            " LEFT JOIN streams USING (stream) GROUP BY early.stream ORDER BY early.stream"
        )
        return rows.fetchall()

    def archive_read_to(self) -> int | None:
        """The offset of the last event of the archive that was taken; None before the first."""
        found = self._one("SELECT read_to FROM archive")
        return found[0] if found else None

    def note_archive(self, offset: int) -> None:
        self._database.execute("INSERT OR REPLACE INTO archive VALUES (1, ?)", (offset,))

    def totals(self) -> dict[str, Any]:
        """Pounds by organisation (payable, held, and the costs of care that were posted), charges, remittances, what is wrong."""
        standing = "SELECT organisation_id, sum(lines.pence) FROM lines JOIN items ON items.id = item_id WHERE status IN {} GROUP BY organisation_id"
        due = standing.format("('payable')")
        held = standing.format("('cancelled', 'suspended')")
        cost = "SELECT organisation_id, sum(pence) FROM items WHERE kind NOT IN ('income', 'manual', 'claim', 'debt', 'debt_carried', 'debt_written_off') GROUP BY organisation_id"
        paid = "SELECT organisation_id, sum(pence) FROM remittances GROUP BY organisation_id"
        return {
            "due": self._pounds_by(due),
            "held": self._pounds_by(held),
            "cost": self._pounds_by(cost),
            "remitted": self._pounds_by(paid),
            "charges": pounds(self._one("SELECT coalesce(sum(pence), 0) FROM charges")[0]),
            "gaps": self.gaps(),
            "problems": [what for (what,) in self._database.execute("SELECT what FROM problems ORDER BY id")],
        }

    def _pounds_by(self, query: str) -> dict[str, str]:
        return {name: pounds(found) for name, found in self._database.execute(query)}

    def _applied_to(self, stream: str) -> int:
        found = self._one("SELECT applied_to FROM streams WHERE stream = ?", stream)
        return int(found[0]) if found else 0

    def _one(self, query: str, *values: Any) -> Any:
        return self._database.execute(query, values).fetchone()


def pence(amount: str) -> int:
    """Whole pence of an amount in pounds, which is text such as -12.50. Never a float."""
    return int(Decimal(amount) * 100)


def pounds(amount: int) -> str:
    """The text of whole pence in pounds."""
    return str(Decimal(amount).scaleb(-2))
