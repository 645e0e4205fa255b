"""What an endpoint does, as the audit trail says it."""

from __future__ import annotations

from typing import Final

ACTIONS: Final = {
    "account.app": "Added an authenticator app",
    "account.code": "Changed the security code",
    "account.password": "Changed the password",
    "account.remove_app": "Removed the authenticator app",
    "api.accept_claim": "Accepted a one-off claim",
    "api.begin_claim": "Drafted a one-off claim",
    "api.cancel_visits_file": "Cancelled a visits file",
    "api.confirm_visits_file": "Updated the system from a visits file",
    "api.delete_visit": "Deleted a visit",
    "api.dismiss_doubt": "Dismissed a doubt",
    "api.reject_claim": "Rejected a one-off claim",
    "api.submit_claim": "Submitted a one-off claim",
    "api.put_visit": "Entered or corrected a visit",
    "api.upload_carers_file": "Sent a carers file",
    "api.upload_visits_file": "Sent a visits file",
    "api.raise_disputes": "Raised disputes",
    "api.raise_doubt": "Raised a doubt as a dispute",
    "api.say_in_dispute": "Wrote in a dispute",
    "care_imports.cancel": "Cancelled a care file",
    "care_imports.confirm": "Updated the system from a care file",
    "care_imports.send": "Sent a care file",
    "carers.confirm": "Updated carers from a file",
    "carers.send": "Sent a carers file",
    "change_requests.accept": "Accepted a change request",
    "change_requests.reject": "Rejected a change request",
    "charges.answer": "Answered a query of a charge",
    "charges.query": "Kept a query of a charge",
    "claims.cancel": "Cancelled a one-off claim",
    "claims.new": "Began a one-off claim",
    "claims.note": "Spoke about a one-off claim, or decided it",
    "claims.submit": "Submitted a one-off claim",
    "claims_items.amend": "Amended an item of a one-off claim",
    "claims_items.edit": "Changed an item of a one-off claim",
    "claims_items.new": "Added an item to a one-off claim",
    "claims_items.remove": "Removed an item of a one-off claim",
    "client_list.check": "Checked a client list",
    "clients.end": "Set the last day of a client’s circumstance",
    "clients.enter": "Entered a client’s circumstance",
    "clients.withdraw": "Withdrew a client’s circumstance",
    "contacts.add_role": "Requested a role for a contact",
    "contacts.edit": "Requested an update of a contact",
    "contacts.new": "Requested a new contact",
    "contacts.remove_role": "Requested removal of a contact’s role",
    "contract_documents.agree": "Agreed to a contract document",
    "contract_documents.agree_manually": "Agreed manually to a contract document",
    "contract_documents.publish_again": "Published a contract document again",
    "contract_documents.reject": "Rejected a contract document",
    "disputes.answer": "Wrote in a dispute",
    "disputes.resolve": "Resolved disputes",
    "disputes_raise.choose": "Chose visits to dispute",
    "disputes_raise.raise_them": "Raised disputes",
    "helpdesk.disable": "Disabled an account",
    "helpdesk.dismiss": "Closed a request for a reset",
    "helpdesk.enable": "Enabled an account",
    "helpdesk.helpdesk": "Looked for an account",
    "helpdesk.send_link": "Sent a one-time link",
    "helpdesk.unlock": "Unlocked an account",
    "lists.add_level": "Added a service level",
    "lists.change_level": "Changed a service level",
    "lists.change_type": "Changed a visit type",
    "lists.set_pay_rules": "Set the pay rules of a contract",
    "login.app": "Signed in again",
    "login.ask_for_reset": "Asked for a reset",
    "login.digits": "Signed in again",
    "login.logout": "Signed out",
    "login.password": "Signed in again",
    "login.reset": "Set a password by a one-time link",
    "notifications.subscriptions": "Chose e-mail notifications",
    "payments_answers.confirm": "Confirmed a scheduled payment",
    "payments_answers.reject": "Rejected a scheduled payment",
    "payments_items.hold": "Held, split or released a payment item",
    "payments_posting.adjust": "Posted a manual adjustment",
    "payments_posting.finalise": "Finalised a payment period",
    "payments_runs.approve": "Approved a payment run",
    "payments_runs.prepare": "Prepared a payment run",
    "payments_runs.reject": "Rejected a payment run",
    "tokens.issued": "Issued an API token",
    "tokens.revoke": "Revoked an API token",
    "visits_change.do_delete": "Deleted a visit",
    "visits_change.put": "Corrected a visit",
    "visits_change.put_new": "Added a visit",
    "visits_files.cancel": "Cancelled a visits file",
    "visits_files.confirm": "Updated the system from a visits file",
    "visits_files.send": "Sent a visits file",
    "worklist.dismiss": "Dismissed doubts",
    "worklist.look": "Had a week looked at for doubts",
    "worklist.raise_them": "Raised doubts as disputes",
    "worklist_samples.pick": "Picked a sample to look at",
}


def action_in_words(endpoint: str) -> str:
    """What it does; the endpoint's own name, readable, where no words are set."""
    page, _, act = endpoint.partition(".")
    return ACTIONS.get(endpoint) or f"{page.replace('_', ' ').capitalize()}: {act.replace('_', ' ')}"


def ending_in_words(status: int | None) -> str:
    """How an action ended, by the status of its answer; None: nobody knows."""
    if status is None:
        return "Not known"
    if status < 400:
        return "Done"
    return "Refused" if status < 500 else "Failed"
