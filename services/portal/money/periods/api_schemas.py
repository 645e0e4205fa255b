"""What the API says of the checklist before a period is finalised (RULES 8)."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.asked import Asked, text_of
from services.portal.api.schemas import day, pounds
from services.portal.money.periods.checklist import CHECKS


class OfContract(Asked):
    """Of one contract, or of all that are open."""

    contract = text_of(200, metadata={"description": "a contract by its name; all without it"})


class CheckLine(Schema):
    """What of a check is a provider's; of a contract, a week (its Monday) or a file where it says one."""

    organisation = fields.String(required=True)
    contract = fields.String()
    week = day()
    file_id = fields.String()
    file_name = fields.String()
    number = fields.Integer()
    amount = pounds()


class Check(Schema):
    """One line of the checklist."""

    name = fields.String(required=True, metadata={"enum": list(CHECKS)})
    is_known = fields.Boolean(
        required=True, metadata={"description": "false where the service that knows it did not answer"}
    )
    is_complete = fields.Boolean(
        required=True, metadata={"description": "false where there may be more than `number`"}
    )
    number = fields.Integer(required=True, allow_none=True)
    amount = pounds(required=True, allow_none=True)
    lines = fields.List(fields.Nested(CheckLine), required=True)


class Checklist(Schema):
    """What finalising a period freezes, why it can't be done now (`refusal`), and what there is to look at before."""

    start = day(required=True)
    end = day(required=True)
    contract = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    freezes = fields.List(fields.String(), required=True)
    finalised_contracts = fields.List(fields.String(), required=True)
    refusal = fields.String(required=True, allow_none=True)
    payable = pounds(required=True)
    last_payable = pounds(required=True)
    checks = fields.List(fields.Nested(Check), required=True)
