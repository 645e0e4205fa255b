"""What may be asked of payments about payment runs."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.care.figures import Figure
from libs.common.rpc.payloads import Payload
from services.payments.items.schemas import a_reason
from services.payments.periods.schemas import OfContract


class RunId(Payload):
    """A payment run."""

    run_id = fields.UUID(required=True)


class PrepareRun(RunId, OfContract):
    """A run for a period; the id is the asker's own, so that what is sent twice is prepared once."""

    start = DayAround(required=True)


class RejectRun(RunId):
    """A run that is not approved, and why."""

    reason = fields.String(required=True, validate=a_reason)


class RunsPage(Payload):
    """Runs of a period (None: of all) after a run; the newest after None."""

    start = DayAround(load_default=None, allow_none=True)
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 201))


class SetRunLimits(Payload):
    """From when on a change is large: so much per cent, or so many pounds."""

    percent = Figure(required=True, validate=validate.Range(0, 1000))
    pounds = Figure(required=True, validate=validate.Range(0, 10_000_000))
    adjustments = Figure(required=True, validate=validate.Range(0, 10_000_000))
