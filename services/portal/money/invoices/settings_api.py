"""/api/v1/contract-terms and /api/v1/vat-rates: what contracts and services say of invoices (RULES 13)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.money.invoices import api_schemas
from services.portal.web.calls import payments

Row = dict[str, Any]
TERMS = Answer("In order of contracts and periods", api_schemas.Terms)
RATES = Answer("In order of providers and services", api_schemas.VatRates)
PROBLEMS = (404, 413, 415, 422)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/contract-terms")(contract_terms)
    api.put("/contract-terms/<contract>")(set_contract_terms)
    api.get("/vat-rates")(vat_rates)
    api.put("/vat-rates")(set_vat_rate)


@operation(
    Operation(
        "The terms of contracts: payable as it is posted, or by an accepted invoice",
        {200: TERMS},
        query=NoQuery,
        needs=(rights.READ_INVOICES,),
    )
)
def contract_terms(query: Row) -> Response:
    return answered(api_schemas.Terms, {"items": payments().contract_terms()})


@operation(
    Operation(
        "Have other terms hold for a contract from a period on; for the council’s tokens",
        {200: TERMS},
        query=NoQuery,
        json_body=api_schemas.NewTerms,
        problems=PROBLEMS,
        needs=(rights.SET_INVOICE_TERMS,),
    )
)
def set_contract_terms(contract: str, query: Row, body: Row) -> Response:
    found = payments().set_contract_terms(
        contract=contract, start=body["start"].isoformat(), terms=body["terms"]
    )
    tell(contract=contract, outcome=body["terms"])
    return answered(api_schemas.Terms, {"items": found})


@operation(Operation("The VAT rates of services", {200: RATES}, query=NoQuery, needs=(rights.READ_INVOICES,)))
def vat_rates(query: Row) -> Response:
    return answered(api_schemas.VatRates, {"items": payments().vat_rates()})


@operation(
    Operation(
        "Set the VAT rate of a provider’s service; for the council’s tokens",
        {200: RATES},
        query=NoQuery,
        json_body=api_schemas.NewVatRate,
        problems=PROBLEMS,
        needs=(rights.SET_INVOICE_TERMS,),
    )
)
def set_vat_rate(query: Row, body: Row) -> Response:
    about = {"organisation": body["organisation"], "service": body["service"], "rate": str(body["rate"])}
    found = payments().set_vat_rate(**about)
    tell(organisation=body["organisation"], outcome=f"{body['service']}: {about['rate']}%")
    return answered(api_schemas.VatRates, {"items": found})
