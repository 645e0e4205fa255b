"""Exports as people and programs see them, and their folders to take along."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Final

from flask import Response

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.files.objects import opened_object, parts_of, size_of_object
from services.portal.accounts.environment import Parts
from services.portal.protection.subject_access import rules, store
from services.portal.schema.tables_protection import SubjectExport
from services.portal.web.downloads.files import download

ZIP = "application/zip"
NOT_FOUND: Final = ("not_found", "There is no such export.")


def find_export(parts: Parts, export_id: uuid.UUID) -> SubjectExport:
    """Raises Refused ``not_found``."""
    with parts.sessions.begin() as transaction:
        found = store.find(transaction, export_id)
        if found is None:
            raise Refused(*NOT_FOUND)
        transaction.expunge(found)
    return found


def newest_exports(parts: Parts, before: store.Place | None, limit: int) -> Sequence[SubjectExport]:
    """What was asked for last first."""
    with parts.sessions.begin() as transaction:
        found = store.newest(transaction, before=before, limit=limit)
        transaction.expunge_all()
    return found


def is_kept(export: SubjectExport, now: dt.datetime) -> bool:
    """Whether its folder can be downloaded."""
    return rules.is_kept(export.state, export.made_at, now)


def folder_of(export: SubjectExport, now: dt.datetime) -> Response:
    """The folder, sent part by part. Raises Refused ``not_found`` for one that is not there, or not any more."""
    key = rules.key_of(export.export_id)
    if export.made_at is None or not is_kept(export, now) or size_of_object(key) is None:
        raise Refused("not_found", "There is no folder of this export, or not any more: ask for another.")
    name = rules.name_of_folder(export.reference, london_day(export.made_at))
    return download(_content(key), f"{name}.zip", ZIP)


def _content(key: str) -> Iterator[bytes]:
    with opened_object(key) as file:
        yield from parts_of(file)
