"""/api/v1/concern-kinds and /concern-groups: the lists of concerns (RULES 16)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from libs.common.rights import names as rights
from libs.common.seams.disputes.concerns import ConcernGroup
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, caller, operation
from services.portal.clients.gateway import Gateway
from services.portal.concerns import api_schemas
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes, gateway
from services.portal.web.names.organisations import id_of, provider_names

KINDS = Answer("All kinds, those in use first", api_schemas.ConcernKinds)
GROUPS = Answer("All groups by name", api_schemas.ConcernGroups)
Row = dict[str, Any]


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/concern-kinds")(concern_kinds)
    api.post("/concern-kinds")(add_concern_kind)
    api.delete("/concern-kinds/<path:concern_kind>")(retire_concern_kind)
    api.get("/concern-groups")(concern_groups)
    api.put("/concern-groups/<uuid:group_id>")(put_concern_group)
    api.delete("/concern-groups/<uuid:group_id>")(remove_concern_group)


@operation(
    Operation(
        "Kinds of concerns; for the council’s tokens",
        {200: KINDS},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_CONCERNS, rights.RAISE_CONCERNS),
    )
)
def concern_kinds(query: Row) -> Response:
    return answered(api_schemas.ConcernKinds, {"items": disputes().concern_kinds()})


@operation(
    Operation(
        "Have a kind of concern offered, also one that was retired",
        {201: KINDS},
        query=NoQuery,
        json_body=api_schemas.NewKind,
        problems=(404, 413, 415, 422),
        needs=(rights.CHANGE_CONCERNS,),
    )
)
def add_concern_kind(query: Row, body: Row) -> Response:
    found = disputes().add_concern_kind(name=body["name"])
    return answered(api_schemas.ConcernKinds, {"items": found}, 201)


@operation(
    Operation(
        "Have a kind of concern offered no more",
        {200: KINDS},
        query=NoQuery,
        problems=(404, 422),
        needs=(rights.CHANGE_CONCERNS,),
    )
)
def retire_concern_kind(concern_kind: str, query: Row) -> Response:
    found = disputes().retire_concern_kind(name=concern_kind)
    return answered(api_schemas.ConcernKinds, {"items": found})


@operation(
    Operation(
        "Groups of providers", {200: GROUPS}, query=NoQuery, problems=(404,), needs=(rights.READ_CONCERNS,)
    )
)
def concern_groups(query: Row) -> Response:
    return answer_groups(disputes().concern_groups())


@operation(
    Operation(
        "Make a group of providers, or change it",
        {200: GROUPS},
        query=NoQuery,
        json_body=api_schemas.NewGroup,
        problems=(404, 413, 415, 422),
        needs=(rights.CHANGE_CONCERNS,),
    )
)
def put_concern_group(group_id: uuid.UUID, query: Row, body: Row) -> Response:
    client = disputes()
    client.concern_groups()  # whoever may not see them is told so before any name is looked up
    ids = [str(id_of(gateway(), caller(), name)) for name in body["organisations"]]
    return answer_groups(
        client.save_concern_group(group_id=group_id, name=body["name"], organisation_ids=ids)
    )


@operation(
    Operation(
        "Remove a group of providers",
        {200: GROUPS},
        query=NoQuery,
        problems=(404,),
        needs=(rights.CHANGE_CONCERNS,),
    ),
)
def remove_concern_group(group_id: uuid.UUID, query: Row) -> Response:
    disputes().remove_concern_group(group_id=group_id)
    return answer_groups(disputes().concern_groups())


def answer_groups(groups: Sequence[ConcernGroup]) -> Response:
    """The groups with the names of their providers."""
    ids = {one for group in groups for one in group["organisation_ids"]}
    names = provider_names(the_parts(), gateway(), ids)
    items = [
        {**group, "organisations": [names[one] for one in group["organisation_ids"]]} for group in groups
    ]
    return answered(api_schemas.ConcernGroups, {"items": items})
