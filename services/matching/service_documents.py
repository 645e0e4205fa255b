"""What matching answers by RPC about contract documents: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.documents import steps as documents_steps
from services.matching.documents import views as documents_views
from services.matching.documents.schemas import AnswerDocument, ContractDocuments, DocumentId


class DocumentAnswers:
    """Contract documents: listed, looked at, answered, published again."""

    db: Database

    contract_documents = answer_by(documents_views.list_documents, ContractDocuments)
    contract_document = answer_by(documents_views.show_document, DocumentId)
    answer_contract_document = answer_by(documents_steps.answer, AnswerDocument)
    publish_contract_document_again = answer_by(documents_steps.publish_again, DocumentId)
