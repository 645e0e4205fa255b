"""What matching answers by RPC about contract documents: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from services.matching.documents import steps as documents_steps
from services.matching.documents.schemas import AnswerDocument, ContractDocuments, DocumentId
from services.matching.documents.store import now


class DocumentAnswers:
    """A part of MatchingService."""

    db: Database

    @rpc
    def contract_documents(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of contract documents, the newest first."""
        wanted = ContractDocuments().load(payload)
        with self.db.transaction(caller) as session:
            return documents_steps.page(session, caller, **wanted, now=now(session))

    @rpc
    def contract_document(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """One contract document: what it says, its notes, and what may be done with it."""
        wanted = DocumentId().load(payload)
        with self.db.transaction(caller) as session:
            return documents_steps.one(session, caller, **wanted, now=now(session))

    @rpc
    def answer_contract_document(self, caller: Caller, **payload: Any) -> None:
        """Agree to a contract document, or reject it; the portal has asked for the password."""
        wanted = AnswerDocument().load(payload)
        with self.db.transaction(caller) as session:
            documents_steps.answer(session, caller, **wanted, now=now(session))

    @rpc
    def publish_contract_document_again(self, caller: Caller, **payload: Any) -> None:
        """Publish anew what was rejected."""
        wanted = DocumentId().load(payload)
        with self.db.transaction(caller) as session:
            documents_steps.publish_again(session, caller, **wanted, now=now(session))
