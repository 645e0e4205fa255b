"""What an endpoint does, as the audit trail says it."""

from __future__ import annotations

from typing import Final

ACTIONS: Final = {
    "actions.new": "Began an action",
    "actions.say": "Wrote in an action, assigned or closed it",
    "account.app": "Added an authenticator app",
    "account.code": "Changed the security code",
    "account.password": "Changed the password",
    "account.remove_app": "Removed the authenticator app",
    "api.cancel_visits_file": "Cancelled a visits file",
    "api.confirm_visits_file": "Updated the system from a visits file",
    "api.delete_visit": "Deleted a visit",
    "api.open_action": "Began an action",
    "api.open_enquiry": "Began a payment enquiry",
    "api.open_review": "Asked for a provider-led review",
    "api.put_visit": "Entered or corrected a visit",
    "api.say_in_action": "Wrote in an action, assigned or closed it",
    "api.say_in_enquiry": "Wrote in a payment enquiry, or settled it",
    "api.say_in_review": "Wrote in a provider-led review, rejected or withdrew it",
    "api.upload_carers_file": "Sent a carers file",
    "api.upload_visits_file": "Sent a visits file",
    "care_imports.cancel": "Cancelled a care file",
    "care_imports.confirm": "Updated the system from a care file",
    "care_imports.send": "Sent a care file",
    "carers.confirm": "Updated carers from a file",
    "carers.send": "Sent a carers file",
    "change_requests.accept": "Accepted a change request",
    "change_requests.reject": "Rejected a change request",
    "charges.answer": "Answered a query of a charge",
    "charges.query": "Kept a query of a charge",
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
    "enquiries.new": "Began a payment enquiry",
    "enquiries.say": "Wrote in a payment enquiry, or settled it",
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
    "reviews.approve": "Approved a provider-led review",
    "reviews.approve_internally": "Approved a provider-led review internally",
    "reviews.new": "Asked for a provider-led review",
    "reviews.say": "Wrote in a provider-led review, rejected or withdrew it",
    "tokens.issued": "Issued an API token",
    "tokens.revoke": "Revoked an API token",
    "visits_change.do_delete": "Deleted a visit",
    "visits_change.put": "Corrected a visit",
    "visits_change.put_new": "Added a visit",
    "visits_files.cancel": "Cancelled a visits file",
    "visits_files.confirm": "Updated the system from a visits file",
    "visits_files.send": "Sent a visits file",
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
