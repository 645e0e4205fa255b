"""/api/v1/subject-access: all that is held about a client (RULES 20); for the council's tokens."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.clients.gateway import Gateway
from services.portal.protection.subject_access import api_schemas, rules, steps
from services.portal.protection.subject_access.views import ZIP, find_export, folder_of, is_kept
from services.portal.schema.tables_protection import SubjectExport
from services.portal.web.access import the_parts
from services.portal.web.calls import matching

ONE = "/subject-access/<uuid:export_id>"


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.post("/subject-access")
    @operation(
        Operation(
            "Have all that is held about a client put together; for the council’s tokens",
            {202: Answer("The export, which is made in the background", api_schemas.Export)},
            query=NoQuery,
            json_body=api_schemas.ExportAsked,
            problems=(404, 413, 415, 422),
            needs=(rights.EXPORT_PERSON,),
        )
    )
    def ask_subject_access(query: dict[str, Any], body: dict[str, Any]) -> Response:
        subject, who = matching().data_subject(identifier=body["client"]), caller()
        role = who.get("staff") or who["role"]
        export_id = steps.ask_for_export(the_parts(), subject, who["who"], role)
        about = [Thing("export_id", str(export_id)), Thing("client_id", subject["client_id"])]
        tell(about=about, outcome=rules.WAITING)
        return answered(api_schemas.Export, _document(find_export(the_parts(), export_id)), 202)

    @api.get(ONE)
    @operation(
        Operation(
            "How an export of a client’s data stands; for the council’s tokens",
            {200: Answer("The export", api_schemas.Export)},
            query=NoQuery,
            problems=(404,),
            needs=(rights.EXPORT_PERSON,),
        )
    )
    def subject_access(export_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answered(api_schemas.Export, _document(find_export(the_parts(), export_id)))

    @api.get(f"{ONE}/folder.zip")
    @operation(
        Operation(
            "The folder of an export, for two days; for the council’s tokens",
            {200: Answer("A ZIP file", media_type=ZIP)},
            query=NoQuery,
            problems=(404,),
            needs=(rights.EXPORT_PERSON,),
        )
    )
    def subject_access_folder(export_id: uuid.UUID, query: dict[str, Any]) -> Response:
        export = find_export(the_parts(), export_id)
        matching().data_subject(identifier=str(export.client_id))  # so that evidence names whom it is about
        return folder_of(export, the_parts().clock())


def _document(export: SubjectExport) -> dict[str, Any]:
    return {
        "id": export.export_id,
        "client": export.reference,
        "state": export.state,
        "is_kept": is_kept(export, the_parts().clock()),
        "asked_at": export.asked_at,
        "made_at": export.made_at,
        "size_bytes": export.size_bytes,
        "files": export.files,
        "rows": export.rows,
        "failure": export.failure,
    }
