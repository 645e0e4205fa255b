"""What of matching is set apart, and how its messages are taken in parts (`libs/common/operations/apart.py`). Never commits.

A client's week that can't be matched keeps the matches it had; its visits are stored, and matching the client again
retries them. A visit that can't even be stored is kept as the message that said it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.operations.apart import ANY_VERSION, Part, clear_apart, has_apart, note_apart
from libs.common.sql.columns import array_text
from services.matching.care import store as care_store
from services.matching.matches import store
from services.matching.matches.store import ReplicaVisit

Body = Mapping[str, Any]

CLIENT_COLUMNS = ("ssref", "client_ref", "nhs_number")


def note_visits(
    session: Session,
    organisation_id: str,
    unmatched: Iterable[tuple[ReplicaVisit, str]],
    message: Message,
) -> None:
    """Set apart these visits of weeks that could not be matched, each with why."""
    for visit, reason in unmatched:
        body = {"organisation_ids": [organisation_id], "client_ids": [visit.client_id], "cpli_ids": []}
        key = key_of(organisation_id, visit.visit_ref)
        part = Part("visit", key, "rematch_wanted", body, visit.version, organisation_id)
        note_apart(session, part, reason, message.cause_id)


def clear_visits(session: Session, organisation_id: str, visits: Iterable[ReplicaVisit]) -> None:
    """These visits are matched, or known to be unmatched: they are set apart no longer."""
    if has_apart(session):
        versions = {key_of(organisation_id, visit.visit_ref): visit.version for visit in visits}
        clear_apart(session, "visit", versions)


def clear_clients(session: Session, message: Message) -> None:
    """The clients of this ``rematch_wanted`` are matched again."""
    keys = [*message.body["client_ids"], *map(_key_of_cpli, message.body["cpli_ids"])]
    clear_apart(session, "client", dict.fromkeys(keys, ANY_VERSION))


def key_of(organisation_id: str, visit_ref: str) -> str:
    """By what a visit is known."""
    return f"{organisation_id}/{visit_ref}"


def lock_visits(session: Session, message: Message) -> None:
    """Every lock of a ``visits_changed``."""
    care_store.lock_care(session, exclusive=False)
    store.lock_organisations(session, [message.body["organisation_id"]])


def divide_visits(session: Session, message: Message) -> list[Part]:
    """``visits_changed`` visit by visit, those of a client's days side by side."""
    organisation_id = message.body["organisation_id"]
    columns = message.body["columns"]
    names = list(columns)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows.sort(key=lambda row: ([row[name] for name in CLIENT_COLUMNS], row["planned_on"]))
    return [
        Part(
            "visit",
            key_of(organisation_id, row["visit_ref"]),
            "visits_changed",
            {"organisation_id": organisation_id, "columns": {name: [row[name]] for name in names}},
            row["version"],
            organisation_id,
        )
        for row in rows
    ]


def join_visits(parts: Sequence[Part]) -> Body:
    """The body of several visits."""
    names = parts[0].body["columns"]
    columns = {name: [part.body["columns"][name][0] for part in parts] for name in names}
    return {**parts[0].body, "columns": columns}


def lock_clients(session: Session, message: Message) -> None:
    """Every lock of a ``rematch_wanted``."""
    care_store.lock_care(session, exclusive=False)
    store.lock_organisations(session, message.body["organisation_ids"])


def divide_clients(session: Session, message: Message) -> list[Part]:
    """``rematch_wanted`` client by client, each with the CPLIs it has or had; those that share one stay together.

    CPLIs of no client here come alone: of them only the weeks are said.
    """
    body = message.body
    groups = clients_together(body["client_ids"], _clients_of_cplis(session, body))
    return [
        Part(
            "client",
            clients[0] if clients else _key_of_cpli(cplis[0]),
            "rematch_wanted",
            {**body, "client_ids": clients, "cpli_ids": cplis},
        )
        for clients, cplis in groups
    ]


def join_clients(parts: Sequence[Part]) -> Body:
    """The body of several clients."""
    ids = {
        name: sorted({one for part in parts for one in part.body[name]})
        for name in ("client_ids", "cpli_ids")
    }
    return {**parts[0].body, **ids}


def _key_of_cpli(cpli_id: int) -> str:
    return f"CPLI {cpli_id}"


def _clients_of_cplis(session: Session, body: Body) -> dict[int, set[str]]:
    """The clients of this message that each of its CPLIs belongs to, or has visits of."""
    rows = session.execute(
        text(
            "SELECT cpli_id, client_id::text FROM cplis WHERE cpli_id = ANY(CAST(:cplis AS bigint[]))"
            " UNION SELECT cpli_id, client_id::text FROM visits WHERE cpli_id = ANY(CAST(:cplis AS bigint[]))"
            " AND client_id = ANY(CAST(:clients AS uuid[]))"
        ),
        {"cplis": array_text(body["cpli_ids"]), "clients": array_text(body["client_ids"])},
    )
    found: dict[int, set[str]] = {cpli_id: set() for cpli_id in body["cpli_ids"]}
    for cpli_id, client_id in rows:
        if client_id in body["client_ids"]:
            found[cpli_id].add(client_id)
    return found


def clients_together(
    clients: Iterable[str], of_cplis: Mapping[int, set[str]]
) -> list[tuple[list[str], list[int]]]:
    """Clients with their CPLIs, in groups that share none."""
    group_of = {client_id: {client_id} for client_id in clients}
    for sharing in of_cplis.values():
        joined = set().union(*(group_of[client_id] for client_id in sharing))
        group_of.update(dict.fromkeys(joined, joined))
    cplis: dict[frozenset[str], list[int]] = defaultdict(list)
    for cpli_id, sharing in sorted(of_cplis.items()):
        cplis[frozenset(group_of[min(sharing)]) if sharing else frozenset((_key_of_cpli(cpli_id),))].append(
            cpli_id
        )
    groups = {frozenset(group) for group in group_of.values()}
    return [(sorted(group), cplis.pop(group, [])) for group in sorted(groups, key=sorted)] + [
        ([], of_none) for of_none in cplis.values()
    ]
