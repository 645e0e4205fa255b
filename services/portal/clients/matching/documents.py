"""Contract documents."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.matching.documents import AgreedDocuments, ContractDocument, ContractDocumentDetails
from services.portal.clients.service_client import ServiceClient


class DocumentsClient(ServiceClient):
    """A part of MatchingClient."""

    def contract_documents(
        self,
        *,
        organisation: str | None,
        service_name: str | None = None,
        client: str | None = None,
        status: str | None = None,
        updated_since: str | None = None,
        after: int | None,
        limit: int,
        document_ids: Sequence[str] | None = None,
    ) -> list[ContractDocument]:
        """A page of documents, the newest first, after the number of one. Raises Refused ``not_found``."""
        return self._ask(
            "contract_documents",
            organisation=organisation,
            service_name=service_name,
            client=client,
            status=status,
            updated_since=updated_since,
            after=after,
            limit=limit,
            document_ids=document_ids,
        )

    def contract_document(self, *, document_id: str) -> ContractDocumentDetails:
        """One document, and what may be done with it. Raises Refused ``not_found``."""
        return self._ask("contract_document", document_id=document_id)

    def answer_contract_document(self, *, document_id: str, move: str, reason: str = "") -> None:
        """Agree to a document, or reject it with a reason; the password was asked for.

        Raises Refused ``not_found``, ``not_allowed``, ``wrong_state`` and ``reason_wanted``.
        """
        self._ask("answer_contract_document", document_id=document_id, move=move, reason=reason)

    def publish_contract_document_again(self, *, document_id: str) -> None:
        """Publish anew what was rejected. Council only; raises Refused ``not_found`` and ``wrong_state``."""
        self._ask("publish_contract_document_again", document_id=document_id)

    def agree_to_contract_documents(self, *, document_ids: Sequence[str], move: str) -> AgreedDocuments:
        """Agree to these, a thousand at most, as far as that can be done; a provider's password was asked for."""
        return self._ask("agree_to_contract_documents", document_ids=document_ids, move=move)
