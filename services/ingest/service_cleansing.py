"""What ingest answers by RPC about rows that fit nothing: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.ingest.cleansing import views as cleansing_views
from services.ingest.cleansing.schemas import CleansingAsked, NamingRowsAsked


class CleansingAnswers:
    """What fits nothing, and the rows that name it."""

    db: Database

    cleansing = answer_by(cleansing_views.cleansing, CleansingAsked, needs=(rights.READ_MEASURES,))
    naming_rows = answer_by(cleansing_views.list_naming_rows, NamingRowsAsked, needs=(rights.READ_MEASURES,))
