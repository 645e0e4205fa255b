"""What matching answers by RPC about merging clients: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.merging import steps as merging_steps
from services.matching.merging.schemas import MergeClients, TwoClients


class MergingAnswers:
    """For the council."""

    db: Database

    preview_client_merge = answer_by(merging_steps.preview, TwoClients, needs=(rights.CHANGE_CARE,))
    merge_clients = answer_by(merging_steps.merge, MergeClients, needs=(rights.CHANGE_CARE,))
