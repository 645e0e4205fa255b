"""What matching answers by RPC about contract documents: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.documents import steps as documents_steps
from services.matching.documents import views as documents_views
from services.matching.documents.schemas import (
    AgreeDocuments,
    AnswerDocument,
    ContractDocuments,
    DocumentId,
)


class DocumentAnswers:
    """Contract documents: listed, looked at, answered, published again."""

    db: Database

    contract_documents = answer_by(
        documents_views.list_documents, ContractDocuments, needs=(rights.READ_DOCUMENTS,)
    )
    contract_document = answer_by(documents_views.show_document, DocumentId, needs=(rights.READ_DOCUMENTS,))
    answer_contract_document = answer_by(
        documents_steps.answer,
        AnswerDocument,
        needs=(
            rights.ANSWER_DOCUMENTS,
            rights.PUBLISH_DOCUMENTS,
        ),
    )
    agree_to_contract_documents = answer_by(
        documents_steps.agree_to_many,
        AgreeDocuments,
        needs=(
            rights.ANSWER_DOCUMENTS,
            rights.PUBLISH_DOCUMENTS,
        ),
    )
    publish_contract_document_again = answer_by(
        documents_steps.publish_again, DocumentId, needs=(rights.PUBLISH_DOCUMENTS,)
    )
