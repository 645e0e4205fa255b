"""/api/v1/contract-documents: looked at and downloaded. Answering takes a password, and a token has none (RULES 11)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from libs.common.seams.matching.documents import ContractDocument, ContractDocumentDetails
from services.portal.api import asked
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.clients.gateway import Gateway
from services.portal.documents import api_schemas
from services.portal.documents.views import pdf_answer, title_of
from services.portal.web.calls import matching
from services.portal.web.cursors import cursor_of, place_of


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""

    @api.get("/contract-documents")
    @operation(
        Operation(
            "Contract documents with their notes",
            {200: Answer("A page, the newest first", api_schemas.ContractDocuments)},
            query=api_schemas.ContractDocumentsQuery,
            problems=(404,),
            needs=(rights.READ_DOCUMENTS,),
        )
    )
    def contract_documents(query: dict[str, Any]) -> Response:
        place = place_of(query.get("cursor"), int)
        since = query.get("updated_since")
        found = matching().contract_documents(
            organisation=query.get("organisation"),
            client=query.get("client"),
            status=query.get("status"),
            updated_since=since.isoformat() if since else None,
            after=place[0] if place else None,
            limit=query["limit"],
        )
        cursor = cursor_of(found[-1]["number"]) if len(found) == query["limit"] else None
        items = [_titled(document) for document in found]
        return answered(api_schemas.ContractDocuments, {"items": items, "next_cursor": cursor})

    @api.get("/contract-documents/<uuid:document_id>")
    @operation(
        Operation(
            "One contract document",
            {200: Answer("What it says, and its notes", api_schemas.ContractDocument)},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_DOCUMENTS,),
        )
    )
    def contract_document(document_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return answered(api_schemas.ContractDocument, _titled(_find_document(document_id)))

    @api.get("/contract-documents/<uuid:document_id>.pdf")
    @operation(
        Operation(
            "One contract document as PDF",
            {200: Answer("The same each time, whether it was answered or not", media_type="application/pdf")},
            query=asked.NoQuery,
            problems=(404,),
            needs=(rights.READ_DOCUMENTS,),
        )
    )
    def contract_document_pdf(document_id: uuid.UUID, query: dict[str, Any]) -> Response:
        return pdf_answer(_find_document(document_id))


class _TitledDocument(ContractDocument):
    """A document with its title."""

    title: str


def _titled(document: ContractDocument) -> _TitledDocument:
    return {**document, "title": title_of(document)}


def _find_document(document_id: uuid.UUID) -> ContractDocumentDetails:
    return matching().contract_document(document_id=str(document_id))
