"""What matching answers by RPC about references that fit nothing: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.cleansing import views as cleansing_views
from services.matching.cleansing.schemas import UnknownClientsAsked


class CleansingAnswers:
    """Clients whom nobody knows."""

    db: Database

    unknown_clients = answer_by(cleansing_views.list_unknown_clients, UnknownClientsAsked)
