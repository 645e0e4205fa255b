"""A council with two providers, and what the first of them has: an object for every parameter of a route."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.clock import london_day
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.files.objects import write_object
from libs.common.rights import table
from libs.common.rpc import SYSTEM
from services.portal.accounts import store as accounts_store
from services.portal.accounts.callers import caller_of
from services.portal.accounts.environment import Parts
from services.portal.accounts.helpdesk import resets
from services.portal.accounts.signing_in import rules as signing_in_rules
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.carers.files import CarersFile, kept
from services.portal.casework.cases import attachments
from services.portal.clients.matching import MatchingClient
from services.portal.contacts import steps as contacts_steps
from services.portal.contacts import store as contacts_store
from services.portal.filters import store as filters_store
from services.portal.protection.subject_access import steps as subject_access_steps
from services.portal.schema.tables_accounts import SignInLink
from services.portal.schema.tables_filters import SavedFilter
from services.portal.staff import steps as staff_steps
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import a_provider
from tests.support.run.waiting import wait_until

BY_INVOICE = {
    "PaymentMethod": "Invoice",
    "ServiceName": "Diamond Home Care - Spot",
    "Contract": "Spot",
    "StartDate": "03/10/2022",
    "EndDate": "09/10/2022",
}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="255.49"),
    a_care_row(5, SSRef="A123456", **BY_INVOICE),
    a_care_row(
        3, SSRef="B1", UnitCost="20.00", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"
    ),
)


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with care; the first with an applied file and money."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.api(DIAMOND).file(a_file(a_visit("A-ONLY"), a_visit("A-BAD", VisitType="X")), confirm="true")
    assert shared.council.books()["total_payable"] == "255.49"
    officer = shared.browser("finance")
    page = officer.get("/clients/A123456").location
    officer.post(f"{page}/circumstances", at=page, kind="respite", from_on="2022-10-03")
    return shared


@pytest.fixture
def objects(a_council: ApiCouncil) -> dict[str, str]:
    """What the first provider has, by the names of the parameters of routes."""
    return objects_of(a_council)


def objects_of(a_council: ApiCouncil) -> dict[str, str]:
    """New ones at each call."""
    parts = a_council.parts
    holder = a_council.account("home_manager", DIAMOND)
    resets.ask_for_reset(parts, "Jo", DIAMOND, holder.email, "01632 960 001", address=uuid.uuid4().hex)
    with a_council.council.sessions["matching"].begin() as session:
        circumstance = session.execute(
            text("SELECT client_id, circumstance_id FROM client_circumstances")
        ).one()
    with parts.sessions.begin() as transaction:
        asked = [request for request, found in accounts_store.open_requests(transaction) if found is not None]
        contact = contacts_store.contacts_of(transaction, organisation_id_of(DIAMOND))[-1]
    role = ({*table.PROVIDER_ROLES} - {*contact.roles}).pop()
    carers_id, _ = a_council.council.upload("carers-files", "CarerRef,Forename,Surname\nA-ONLY,Ann,Bell\n")
    content = a_file(a_visit(f"A-{uuid.uuid4().hex[:6]}"), a_visit("A-BAD", VisitType="X"))
    return {
        "file_id": a_council.api(DIAMOND).file(content)["id"],
        "actuals_file_id": an_actuals_file_id(a_council),
        "visit_ref": "A-ONLY",
        "start": "2022-10-03",
        "week": "2022-10-03",
        "item_id": an_item(a_council),
        "invoice_id": an_invoice(a_council),
        "run_id": a_run(a_council),
        "proposal_id": a_proposal(a_council),
        **a_ranking(a_council),
        "debt_id": str(uuid.uuid4()),
        "cpli_id": "1",
        "client": "A123456",
        "client_id": str(circumstance.client_id),
        "into_client_id": str(circumstance.client_id),
        "circumstance_id": str(circumstance.circumstance_id),
        "carers_file": kept(parts, caller_of(holder), CarersFile(str(carers_id), "carers.csv", None)),
        "import_id": a_council.council.import_care(CARE)["id"],
        "query_id": str(uuid.uuid4()),
        "document_id": a_document(a_council),
        **a_claim(a_council),
        "account_id": str(holder.account_id),
        **a_council_account(a_council),
        "filter_id": a_filter(parts, holder.account_id),
        "request_id": str(asked[-1].request_id),
        "token_id": tokens_steps.add(parts, a_provider(DIAMOND), 1, "tests").split("_")[1],
        "contact_id": str(contact.contact_id),
        "role": role,
        "meeting_id": a_meeting(a_council),
        "span": "2022-10",
        "change_id": str(contacts_steps.ask_for_new(parts, holder, contact.details, role)),
        "secret": a_secret(parts, holder.account_id),
        "filename": "portal.css",
        "guide": "send-visits",
        **a_dispute(a_council),
        **a_doubt(a_council),
        "contract": "DAPL",
        "level": "personal care",
        "ref": "DHS",
        **cases(a_council),
        **a_concern(a_council),
        **a_bulk_action(a_council),
        "export_id": an_export(a_council, str(circumstance.client_id)),
    }


def a_bulk_action(a_council: ApiCouncil) -> dict[str, str]:
    """Visits of the first provider that were to be deleted, and were not; it alone sees that."""
    body = {"act": "delete_visits", "rows": ["A-ONLY"]}
    begun = a_council.api(DIAMOND).ask("POST", "/bulk-actions", json=body)
    assert begun.status_code == 201, begun.json
    return {"bulk_id": begun.json["id"], "bulk_act": "delete_visits"}


def an_export(a_council: ApiCouncil, client_id: str) -> str:
    """All that is held about a client, ready to be taken along; exports are the council's."""
    gateway: Any = a_council.app.extensions["gateway"]
    subject = MatchingClient(gateway, SYSTEM).data_subject(identifier=client_id)
    export_id = subject_access_steps.ask_for_export(a_council.parts, subject, "tests", "commissioning")
    while subject_access_steps.make_next(a_council.parts, gateway):
        pass
    return str(export_id)


def a_council_account(a_council: ApiCouncil) -> dict[str, str]:
    """One that has ended, and a request that waits for a second person."""
    helpdesk, gone = a_council.account("helpdesk"), a_council.account("helpdesk")
    staff_steps.end(a_council.parts, gone.account_id, helpdesk)
    asked = staff_steps.ask_to_let_in(a_council.parts, helpdesk, gone.account_id, "finance")
    return {"staff_id": str(gone.account_id), "staff_request_id": str(asked.change_id)}


def a_filter(parts: Parts, account_id: uuid.UUID) -> str:
    """Which the holder has a list limited to."""
    with parts.sessions.begin() as transaction:
        if not filters_store.filters_of(transaction, account_id):
            saved = {"page": "disputes.disputes", "name": "A-ONLY", "query": "overdue=y"}
            transaction.add(
                SavedFilter(filter_id=uuid.uuid4(), account_id=account_id, saved_at=parts.clock(), **saved)
            )
            transaction.flush()
        return str(filters_store.filters_of(transaction, account_id)[0].filter_id)


def a_secret(parts: Parts, account_id: uuid.UUID) -> str:
    """Of a link for a new password, and of one to sign in by."""
    secret = resets.make_link(parts, account_id, "tests").rpartition("/")[2]
    over_at = parts.clock() + signing_in_rules.LINK_GOOD
    with parts.sessions.begin() as transaction:
        transaction.add(
            SignInLink(link_hash=accounts_store.hashed(secret), account_id=account_id, over_at=over_at)
        )
    return secret


def a_meeting(a_council: ApiCouncil) -> str:
    """Notes of a meeting with the first provider, which the council alone sees."""
    said = {"organisation": DIAMOND, "held_on": "2022-10-03", "people": "A-ONLY", "notes": "A-ONLY"}
    answer = a_council.api(COUNCIL).ask("POST", "/provider-meetings", json=said)
    assert answer.status_code == 201, answer.json
    found: str = answer.json["meeting_id"]
    return found


def an_actuals_file_id(a_council: ApiCouncil) -> str:
    """A file of actuals of the first provider, of which nothing is taken."""
    content = an_actuals_file(an_actual_row(1, Comment="A-ONLY"))
    answer = a_council.api(DIAMOND).send("/actuals-files", content)
    assert answer.status_code == 201, answer.json
    found: str = answer.json["id"]
    return found


def a_doubt(a_council: ApiCouncil) -> dict[str, str]:
    """What was picked of the first provider's week, to be looked at by the council."""
    gateway: Any = a_council.app.extensions["gateway"]
    finance = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    row = {"cpli_id": 1, "organisation_id": str(organisation_id_of(DIAMOND)), "client": "A123456"}
    row |= {
        "planned_seconds": 3600,
        "delivered_seconds": 3600,
        "planned_cost": "255.49",
        "delivered_cost": "255.49",
    }
    how = {"monday": "2022-10-03", "way": "largest_time", "size": 1, "out_of": 1}
    sample_id = str(uuid.uuid4())
    gateway.ask("disputes", "keep_sample", finance, sample_id=sample_id, rows=[row], **how)
    (doubt,) = gateway.ask("disputes", "doubts", finance, sample_id=sample_id)
    return {"sample_id": sample_id, "doubt_id": doubt["doubt_id"]}


def cases(a_council: ApiCouncil) -> dict[str, str]:
    """An action with an attachment, an enquiry and a review of the first provider."""
    gateway: Any = a_council.app.extensions["gateway"]
    manager: Any = {"who": "A-ONLY", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
    ids = {f"{kind}_id": str(uuid.uuid4()) for kind in ("action", "enquiry", "review")}
    said: dict[str, Any] = {"subject": "A-ONLY", "words": "A-ONLY"}
    attached = attachments.store_files(
        a_council.app.extensions["accounts"], manager, uuid.uuid4(), [("A-ONLY.txt", b"A-ONLY")]
    )
    gateway.ask(
        "disputes", "open_action", manager, case_id=ids["action_id"], cpli_id=1, attachments=attached, **said
    )
    gateway.ask("disputes", "open_enquiry", manager, case_id=ids["enquiry_id"], about="missing", **said)
    today = london_day(dt.datetime.now(dt.UTC))
    visit = {"weekday": today.weekday(), "entry": 0, "exit": 3600}
    asked = {"first_on": str(today), "last_on": str(today), "visits": [visit], "cpli_id": 1}
    gateway.ask("disputes", "open_review", manager, case_id=ids["review_id"], **asked, **said)
    return ids | {"attachment_id": attached[0]["attachment_id"]}


def a_concern(a_council: ApiCouncil) -> dict[str, str]:
    """A concern about the first provider with a breach notice that it has answered, a kind and a group."""
    gateway: Any = a_council.app.extensions["gateway"]
    organisation_id, ids = str(organisation_id_of(DIAMOND)), [str(uuid.uuid4()) for _ in range(3)]
    officer = {"who": "officer", "role": "council", "organisation": None, "staff": "commissioning"}
    manager: Any = {"who": "A-ONLY", "role": "provider", "organisation": organisation_id}
    facts = {"concern_id": ids[0], "organisation_id": organisation_id, "client_reference": "A123456"}
    facts |= {"kind": "Late", "source": "family", "words": "A-ONLY"}
    gateway.ask("disputes", "raise_concern", officer, **facts)
    step = {"concern_id": ids[0], "step_id": str(uuid.uuid4()), "move": "investigate", "version": 1}
    gateway.ask("disputes", "move_concern", officer, **step)
    due_on = str(london_day(dt.datetime.now(dt.UTC)) + dt.timedelta(days=7))
    notice = {"concern_id": ids[0], "notice_id": ids[1], "version": 2, "words": "A-ONLY", "due_on": due_on}
    gateway.ask("disputes", "send_breach_notice", officer, **notice)
    attached = attachments.store_files(
        a_council.app.extensions["accounts"], manager, uuid.uuid4(), [("A-ONLY.txt", b"A-ONLY")]
    )
    answer = {"notice_id": ids[1], "answer_id": ids[2], "words": "A-ONLY", "attachments": attached}
    gateway.ask("disputes", "answer_breach_notice", manager, **answer)
    group_id = str(uuid.uuid4())
    group = {"group_id": group_id, "name": f"A-ONLY {group_id}", "organisation_ids": [organisation_id]}
    gateway.ask("disputes", "save_concern_group", officer, **group)
    file_id = attached[0]["attachment_id"]
    found = {"concern_id": ids[0], "notice_id": ids[1], "concern_file_id": file_id}
    return found | {"group_id": group_id, "concern_kind": "Late"}


def an_item(a_council: ApiCouncil) -> str:
    """A payment item of the first provider."""
    items: Any = a_council.api(DIAMOND).get("/payment-periods/2022-10-03/items").json
    return str(items["items"][0]["item_id"])


def an_invoice(a_council: ApiCouncil) -> str:
    """An invoice of the first provider that is not sent yet."""
    diamond = a_council.api(DIAMOND)
    listed: Any = diamond.get("/invoices", state="Unsubmitted").json
    if listed["items"]:
        return str(listed["items"][0]["id"])
    body = {"start": "2022-10-03", "contract": "Spot", "number": f"A-ONLY {uuid.uuid4().hex[:6]}"}
    answer = diamond.ask("POST", "/invoices", json=body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def a_document(a_council: ApiCouncil) -> str:
    """A contract document of the first provider."""
    documents: Any = a_council.api(DIAMOND).get("/contract-documents").json
    return str(documents["items"][0]["document_id"])


def a_dispute(a_council: ApiCouncil) -> dict[str, str]:
    """A dispute with the first provider, and an attachment of its answer."""
    gateway: Any = a_council.app.extensions["gateway"]
    organisation_id, ids = str(organisation_id_of(DIAMOND)), [str(uuid.uuid4()) for _ in range(3)]
    finance = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    visit = {
        "visit_ref": f"A-ONLY-{ids[0][:6]}",
        "version": 1,
        "deleted": False,
        "values": {"SSRef": "A123456"},
    }
    asked = {"case_id": ids[0], "organisation_id": organisation_id, "client_reference": "A123456"}
    asked |= {"reason": "Missing Comment", "words": "Why was A-ONLY longer?", "visits": [visit]}
    gateway.ask("disputes", "raise_disputes", finance, disputes=[asked])
    write_object(f"attachments/{ids[1]}", b"A-ONLY")
    file = {"attachment_id": ids[1], "name": "A-ONLY.txt", "content_type": "text/plain", "size_bytes": 6}
    file |= {"sha256": "0" * 64, "object_key": f"attachments/{ids[1]}"}
    manager = {"who": "manager", "role": "provider", "organisation": organisation_id}
    said = {"case_id": ids[0], "message_id": ids[2], "words": "She had a fall.", "attachments": [file]}
    gateway.ask("disputes", "say", manager, kind="dispute", move="", **said)
    return {"case_id": ids[0], "attachment_id": ids[1]}


def a_claim(a_council: ApiCouncil) -> dict[str, str]:
    """A submitted claim of the first provider, with an item."""
    item = {
        "description": "In hospital",
        "client": "A123456",
        "amount": "255.49",
        "admitted_on": "2022-10-03",
    }
    body = {"service": "Diamond Home Care - DAPL Oxford", "items": [item]}
    claim = a_council.api(DIAMOND).ask("POST", "/claims", json=body).json
    a_council.api(DIAMOND).ask("POST", f"/claims/{claim['id']}/submit")
    return {"claim_id": claim["id"], "client_item": claim["items"][0]["item_id"]}


def a_proposal(a_council: ApiCouncil) -> str:
    """An adjustment for the first provider that waits for a second person; proposals are the council's."""
    gateway: Any = a_council.app.extensions["gateway"]
    finance = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    about = {"organisation": DIAMOND, "contract": "DAPL", "amount": "5000.00", "reason": "A-ONLY"}
    asked = {"adjustment_id": str(uuid.uuid4()), "start": "2022-10-03", **about}
    return str(gateway.ask("payments", "post_adjustment", finance, **asked)["proposal_id"])


def a_ranking(a_council: ApiCouncil) -> dict[str, str]:
    """A frozen ranking of the first provider alone, its appeal, and a requisition that is offered to it."""
    gateway: Any = a_council.app.extensions["gateway"]
    officer = {"who": "officer", "role": "council", "organisation": None, "staff": "commissioning"}
    manager: Any = {"who": "A-ONLY", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
    ids = {name: str(uuid.uuid4()) for name in ("list_id", "appeal_id", "requisition_id", "offer_id")}
    of_list, name = {"list_id": ids["list_id"], "quarter": "2022-Q4"}, f"A-ONLY {ids['list_id'][:6]}"
    gateway.ask("matching", "make_ranked_list", officer, list_id=ids["list_id"], name=name)
    gateway.ask("matching", "set_ranked_price", officer, **of_list, organisation=DIAMOND, price="255.49")
    done = gateway.ask("matching", "propose_ranking", officer, **of_list)
    decided = {"proposal_id": done["proposal_id"], "approves": True}
    gateway.ask("matching", "decide_proposal", officer | {"who": "another"}, **decided)
    order = gateway.ask("matching", "newest_ranking", officer, list_id=ids["list_id"])
    about = {"ranking_id": order["ranking_id"]}
    gateway.ask("matching", "appeal_ranking", manager, appeal_id=ids["appeal_id"], **about, note="A-ONLY")
    wanted = {
        "service_name": "A-ONLY",
        "service_level": "Personal Care",
        "hours": "7",
        "start_on": "2022-10-03",
    }
    wanted |= {"list_name": name, "providers": order["organisations"], **of_list, **about}
    asked = {"requisition_id": ids["requisition_id"]}
    gateway.ask("disputes", "make_requisition", officer, **asked, **wanted)
    gateway.ask("disputes", "make_offer", officer, **asked, offer_id=ids["offer_id"], place=1)
    return ids | about


def a_run(a_council: ApiCouncil) -> str:
    """A payment run that pays the first provider; runs are the council's."""
    run_id, finance = (
        str(uuid.uuid4()),
        {"who": "finance", "role": "council", "organisation": None, "staff": "finance"},
    )
    gateway: Any = a_council.app.extensions["gateway"]
    gateway.ask("payments", "prepare_run", finance, run_id=run_id, start="2022-10-03", contract=None)
    return run_id
