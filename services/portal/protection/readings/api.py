"""/api/v1/readings: who looked at a client (RULES 20); for the council's tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response

from libs.common.care.clock import begin_of_day
from libs.common.rights import names as rights
from libs.common.rpc.callers import roles_of
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.protection.readings import api_schemas, store
from services.portal.protection.readings.store import Sought
from services.portal.protection.readings.views import asked_in_words, things_of, withholds
from services.portal.protection.readings.words import role_in_words
from services.portal.schema.tables_evidence import Evidence
from services.portal.web import access
from services.portal.web.calls import matching
from services.portal.web.cursors import moment_and_id
from services.portal.web.names.organisations import provider_names
from services.portal.web.paging import cursor_after

A_DAY = dt.timedelta(days=1)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the route."""

    @api.get("/readings")
    @operation(
        Operation(
            "Who looked at a client: when, in which role, from where, at what; for the council’s tokens",
            {200: Answer("A page of readings, the newest first", api_schemas.Readings)},
            query=api_schemas.ReadingsQuery,
            problems=(404,),
            needs=(rights.READ_READINGS,),
        )
    )
    def readings(query: dict[str, Any]) -> Response:
        subject = matching().data_subject(identifier=query["client"])
        first, last = query.get("first"), query.get("last")
        sought = Sought(
            names=[*subject["client_ids"], *subject["identifiers"]],
            which=query["which"],
            since=begin_of_day(first) if first else None,
            until=begin_of_day(last + A_DAY) if last else None,
        )
        before = moment_and_id(query.get("cursor"))
        parts = access.the_parts()
        with parts.sessions.begin() as transaction:
            rows = store.newest(transaction, sought, before=before, limit=query["limit"])
            transaction.expunge_all()
        ids = {str(row.organisation_id) for row in rows if row.organisation_id}
        providers = provider_names(parts, gateway, ids)
        items = [_document(row, providers) for row in rows]
        cursor = cursor_after(rows, query["limit"], lambda row: (row.at.isoformat(), str(row.event_id)))
        found = {"client": subject["reference"], "items": items, "next_cursor": cursor}
        return answered(api_schemas.Readings, found)


def _document(row: Evidence, providers: dict[str, str]) -> dict[str, Any]:
    is_withheld = withholds(row, roles_of(caller()))
    asked = asked_in_words(row, is_withheld=is_withheld)
    return {
        "id": row.event_id,
        "at": row.at,
        "who": row.who or "",
        "role": role_in_words(row.role or ""),
        "organisation": providers.get(str(row.organisation_id)),
        "address": row.address,
        "by": asked.by,
        "what": asked.words,
        "about": [] if is_withheld else [thing._asdict() for thing in things_of(row)],
        "names_shown": len(row.clients),
    }
