"""What was done, as the audit trail says it: a few groups to choose from, and words for each action."""

from __future__ import annotations

from typing import Final, NamedTuple


class Group(NamedTuple):
    """Doings that people look for together; `actions` has words for each endpoint, and for each command."""

    name: str
    text: str
    actions: dict[str, str]


CONCERNS: Final = "concerns"
"""The group of what commissioning staff alone see (RULES 16)."""

GROUPS: Final = (
    Group(
        "visits",
        "Visits, actuals, their files and carers",
        {
            "actuals.generate": "Generated a week’s actuals",
            "actuals_change.do_delete": "Deleted a week’s actual",
            "actuals_change.mark_frustrated": "Marked hours of an actual as frustrated",
            "actuals_change.remove_hours": "Removed hours of an actual",
            "actuals_change.save": "Saved a week’s actual",
            "actuals_files.cancel": "Cancelled a file of actuals",
            "actuals_files.confirm": "Updated the system from a file of actuals",
            "actuals_files.send": "Sent a file of actuals",
            "actuals_rules.rules": "Set what a contract asks of actuals",
            "api.cancel_actuals_file": "Cancelled a file of actuals",
            "api.cancel_visits_file": "Cancelled a visits file",
            "api.confirm_visits_file": "Updated the system from a visits file",
            "api.confirm_actuals_file": "Updated the system from a file of actuals",
            "api.delete_actual": "Deleted a week’s actual",
            "api.delete_visit": "Deleted a visit",
            "api.mend_rows": "Mended all rows of one kind in a visits file",
            "api.generate_actuals": "Generated a week’s actuals",
            "api.mark_actual_frustrated": "Marked hours of an actual as frustrated",
            "api.put_actual": "Saved a week’s actual",
            "api.put_visit": "Entered or corrected a visit",
            "api.remove_actual_hours": "Removed hours of an actual",
            "api.set_actual_rules": "Set what a contract asks of actuals",
            "api.upload_actuals_file": "Sent a file of actuals",
            "api.upload_carers_file": "Updated carers from a file",
            "api.upload_visits_file": "Sent a visits file",
            "carers.confirm": "Updated carers from a file",
            "carers.send": "Sent a carers file",
            "client_list.check": "Checked a client list",
            "visits_change.do_delete": "Deleted a visit",
            "visits_change.put": "Corrected a visit",
            "visits_change.put_new": "Added a visit",
            "visits_corrections.check": "Sent corrected rows of a visits file",
            "visits_files.cancel": "Cancelled a visits file",
            "visits_files.confirm": "Updated the system from a visits file",
            "visits_files.send": "Sent a visits file",
            "visits_mending.mend": "Mended all rows of one kind in a visits file",
        },
    ),
    Group(
        "care",
        "Commissioned care and clients",
        {
            "api.ask_subject_access": "Asked for all that is held about a client",
            "api.cancel_care_file": "Cancelled a care file",
            "api.confirm_care_file": "Updated the system from a care file",
            "api.end_circumstance": "Set the last day of a circumstance",
            "api.enter_circumstance": "Entered a circumstance",
            "api.merge_clients": "Merged two clients, or looked what it moves",
            "api.put_line_item": "Said what a care package line item is",
            "api.upload_care_file": "Sent a care file",
            "api.withdraw_circumstance": "Withdrew a circumstance",
            "command.subject_access": "Took all that is held about a client",
            "subject_access.ask": "Asked for all that is held about a client",
            "care_imports.cancel": "Cancelled a care file",
            "care_imports.confirm": "Updated the system from a care file",
            "care_imports.send": "Sent a care file",
            "clients.end": "Set the last day of a client’s circumstance",
            "clients.enter": "Entered a client’s circumstance",
            "clients.withdraw": "Withdrew a client’s circumstance",
            "clients_merging.merge": "Merged two clients",
            "contract_documents.agree": "Agreed to a contract document",
            "contract_documents.agree_manually": "Agreed manually to a contract document",
            "contract_documents.publish_again": "Published a contract document again",
            "contract_documents.reject": "Rejected a contract document",
        },
    ),
    Group(
        "payments",
        "Periods, runs, holds and charges",
        {
            "api.decide_charge": "Decided about the charge of a held week",
            "api.place_hold": "Held a week of care",
            "api.release_hold": "Released a week of care",
            "command.hold_weeks": "Held many weeks of care",
            "command.release_weeks": "Released many weeks of care",
            "charges.answer": "Answered a query of a charge",
            "charges.query": "Kept a query of a charge",
            "payments_answers.confirm": "Confirmed a scheduled payment",
            "payments_answers.reject": "Rejected a scheduled payment",
            "payments_debts.write_off": "Proposed to write off a debt",
            "payments_holds.charge": "Decided about the charge of a held week",
            "payments_holds.place": "Held a week of care",
            "payments_holds.release": "Released a week of care",
            "payments_items.hold": "Held, split or released a payment item",
            "payments_posting.adjust": "Posted or proposed a manual adjustment",
            "payments_posting.finalise": "Finalised a payment period",
            "payments_runs.approve": "Approved a payment run",
            "payments_runs.limits": "Set from when on a change is large",
            "payments_runs.prepare": "Prepared a payment run",
            "payments_runs.reject": "Rejected a payment run",
        },
    ),
    Group(
        "invoices",
        "Invoices, credit notes, terms and VAT",
        {
            "api.accept_invoice": "Accepted an invoice or credit note",
            "api.attach_vat_invoice": "Attached a VAT invoice",
            "api.create_invoice": "Made an invoice",
            "api.credit_invoice": "Made a credit note",
            "api.delete_invoice": "Deleted an invoice or credit note",
            "api.reject_invoice": "Rejected an invoice or credit note",
            "api.set_contract_terms": "Set the terms of a contract",
            "api.set_vat_rate": "Set the VAT rate of a service",
            "api.submit_invoice": "Submitted an invoice or credit note",
            "invoices_making.attach": "Attached a VAT invoice",
            "invoices_making.credit": "Made a credit note",
            "invoices_making.delete": "Deleted an invoice or credit note",
            "invoices_making.new": "Made an invoice",
            "invoices_making.submit": "Submitted an invoice or credit note",
            "invoices_deciding.accept": "Accepted an invoice or credit note",
            "invoices_deciding.several": "Accepted or rejected several invoices",
            "invoices_deciding.reject": "Rejected an invoice or credit note",
            "invoices_settings.set_rate": "Set the VAT rate of a service",
            "invoices_settings.set_terms": "Set the terms of a contract",
        },
    ),
    Group(
        "disputes",
        "Disputes and the worklist",
        {
            "api.dismiss_doubt": "Dismissed a doubt",
            "api.raise_disputes": "Raised disputes",
            "api.raise_doubt": "Raised a doubt as a dispute",
            "api.raise_doubts": "Raised doubts as disputes",
            "api.say_in_dispute": "Wrote in a dispute, or moved it on",
            "disputes.answer": "Wrote in a dispute, or moved it on",
            "disputes_raise.choose": "Chose visits to dispute",
            "disputes_raise.raise_them": "Raised disputes",
            "worklist_settling.dismiss": "Dismissed doubts",
            "worklist.look": "Had a week looked at for doubts",
            "worklist_settling.raise_them": "Raised doubts as disputes",
            "worklist_samples.pick": "Picked a sample to look at",
        },
    ),
    Group(
        "bulk",
        "Many rows at once",
        {
            "api.begin_bulk_action": "Chose rows to do something to all",
            "api.do_bulk_action": "Did something to many rows",
            "bulk.choose": "Chose rows to do something to all",
            "bulk.press": "Did something to many rows",
        },
    ),
    Group(
        "claims",
        "One-off claims",
        {
            "api.accept_claim": "Accepted a one-off claim",
            "api.begin_claim": "Drafted a one-off claim",
            "api.reject_claim": "Rejected a one-off claim",
            "api.say_in_claim": "Wrote a note on a one-off claim",
            "api.submit_claim": "Submitted a one-off claim",
            "claims.cancel": "Cancelled a one-off claim",
            "claims.new": "Began a one-off claim",
            "claims.note": "Spoke about a one-off claim, or decided it",
            "claims.submit": "Submitted a one-off claim",
            "claims_items.amend": "Amended an item of a one-off claim",
            "claims_items.edit": "Changed an item of a one-off claim",
            "claims_items.new": "Added an item to a one-off claim",
            "claims_items.remove": "Removed an item of a one-off claim",
        },
    ),
    Group(
        "conversations",
        "Actions, enquiries and reviews",
        {
            "actions.new": "Began an action",
            "actions.say": "Wrote in an action, assigned or closed it",
            "api.open_action": "Began an action",
            "api.open_enquiry": "Began a payment enquiry",
            "api.open_review": "Asked for a provider-led review",
            "api.say_in_action": "Wrote in an action, assigned or closed it",
            "api.say_in_enquiry": "Wrote in a payment enquiry, or settled it",
            "api.say_in_review": "Wrote in a provider-led review, rejected or withdrew it",
            "api.send_attachment": "Sent a file, to be attached",
            "enquiries.new": "Began a payment enquiry",
            "enquiries.say": "Wrote in a payment enquiry, or settled it",
            "reviews.approve": "Approved a provider-led review",
            "reviews.approve_internally": "Approved a provider-led review internally",
            "reviews.new": "Asked for a provider-led review",
            "reviews.say": "Wrote in a provider-led review, rejected or withdrew it",
        },
    ),
    Group(
        CONCERNS,
        "Concerns and breach notices",
        {
            "api.add_concern_kind": "Added a kind of concern",
            "api.answer_breach_notice": "Answered a breach notice",
            "api.go_on_with_concern": "Wrote about a concern, or moved it on",
            "api.put_concern_group": "Saved a group of providers",
            "api.raise_concern": "Raised a concern",
            "api.remove_concern_group": "Removed a group of providers",
            "api.retire_concern_kind": "Retired a kind of concern",
            "api.send_breach_notice": "Sent a breach notice",
            "breach_notices.answer": "Answered a breach notice",
            "breach_notices.send": "Sent a breach notice",
            "concerns.go_on": "Wrote about a concern, or moved it on",
            "concerns_lists.group": "Saved a group of providers",
            "concerns_lists.lists": "Added a kind of concern",
            "concerns_lists.new_group": "Added a group of providers",
            "concerns_lists.remove_group": "Removed a group of providers",
            "concerns_lists.retire": "Retired a kind of concern",
            "concerns_raise.new": "Raised a concern",
        },
    ),
    Group(
        "rankings",
        "Ranked lists, requisitions and offers",
        {
            "api.answer_offer": "Accepted or declined an offer of care",
            "api.answer_ranking_appeal": "Answered an appeal against a ranking",
            "api.appeal_ranking": "Appealed against a place in a ranking",
            "api.make_offer": "Offered care to a provider",
            "api.make_ranked_list": "Made a ranked list",
            "api.make_requisition": "Made a requisition",
            "api.propose_ranking": "Proposed to freeze a ranking",
            "api.set_list_terms": "Set weights and shares of a ranked list",
            "api.set_offer_hours": "Set how long offers stand",
            "api.set_ranked_price": "Set a provider’s price on a ranked list",
            "api.set_ranking_terms": "Set weights and shares of all ranked lists",
            "api.skip_provider": "Skipped a provider of a ranking",
            "api.withdraw_requisition": "Withdrew a requisition",
            "offers.accept": "Accepted an offer of care",
            "offers.decline": "Declined an offer of care",
            "ranking.new": "Made a ranked list",
            "ranking.price": "Set a provider’s price on a ranked list",
            "ranking.propose": "Proposed to freeze a ranking",
            "ranking.terms": "Set weights and shares of all ranked lists",
            "ranking.terms_of_list": "Set weights and shares of a ranked list",
            "ranking_frozen.answer": "Answered an appeal against a ranking",
            "ranking_own.one": "Appealed against a place in a ranking",
            "requisitions.hours": "Set how long offers stand",
            "requisitions.new": "Made a requisition",
            "requisitions.offer": "Offered care to a provider",
            "requisitions.skip": "Skipped a provider of a ranking",
            "requisitions.withdraw": "Withdrew a requisition",
        },
    ),
    Group(
        "lists",
        "Lists, pay rules and proposals",
        {
            "lists.add_level": "Added a service level",
            "lists.change_level": "Changed a service level",
            "lists.change_type": "Proposed a change of a visit type",
            "lists.set_pay_rules": "Proposed pay rules of a contract",
            "overlap_limits.limits": "Set what counts as an overlap of visits",
            "proposals.approve": "Approved a proposal",
            "proposals.refuse": "Refused a proposal",
        },
    ),
    Group(
        "monitoring",
        "Measures, KPIs and meetings with providers",
        {
            "api.keep_meeting": "Kept notes of a meeting with a provider",
            "api.set_kpi_span": "Set how long a span of KPIs is",
            "api.share_meeting": "Shared notes of a meeting with the provider",
            "api.set_measure_threshold": "Set a threshold of measures",
            "api.set_one_diary": "Set what is monitored by total hours",
            "kpis_meetings.new": "Kept notes of a meeting with a provider",
            "kpis_meetings.share": "Shared notes of a meeting with the provider",
            "kpis_settings.spans": "Set how long a span of KPIs is",
            "measure_thresholds.set_threshold": "Set a threshold of measures",
            "one_diaries.set_contract": "Set whether a contract is monitored by total hours",
            "one_diaries.set_line_item": "Set whether a line item is monitored by total hours",
            "under_delivery.open_action": "Opened the action of a review of what is delivered",
        },
    ),
    Group(
        "people",
        "Accounts, contacts and tokens",
        {
            "account.app": "Added an authenticator app",
            "account.code": "Changed the security code",
            "account.end_sessions": "Signed out in other browsers",
            "account.password": "Changed the password",
            "account.remove_app": "Removed the authenticator app",
            "change_requests.accept": "Accepted a change request",
            "change_requests.reject": "Rejected a change request",
            "command.add_account": "Made an account",
            "command.require_app": "Set which roles need an authenticator app",
            "command.rotate_keys": "Encrypted all security codes anew",
            "command.rotate_secrets": "Made secrets of the system anew",
            "contacts.add_role": "Requested a role for a contact",
            "contacts.edit": "Requested an update of a contact",
            "contacts.new": "Requested a new contact",
            "contacts.remove_role": "Requested removal of a contact’s role",
            "command.change_role": "Changed the role of a council account",
            "council_accounts.confirm": "Confirmed a council account",
            "council_accounts.end": "Ended a council account",
            "council_accounts.let_in": "Asked to let a council account in again",
            "council_accounts.new": "Asked for a council account",
            "council_accounts.refuse": "Refused or withdrew a request of a council account",
            "council_accounts.role": "Asked for another role of a council account",
            "helpdesk.disable": "Disabled an account",
            "helpdesk.dismiss": "Closed a request for a reset",
            "helpdesk.enable": "Enabled an account",
            "helpdesk.helpdesk": "Looked for an account",
            "helpdesk.send_link": "Sent a one-time link",
            "helpdesk.unlock": "Unlocked an account",
            "login.app": "Signed in again",
            "login.ask_for_link": "Had a sign-in link sent",
            "login.ask_for_reset": "Asked for a reset",
            "login.by_link": "Signed in by a link",
            "login.digits": "Signed in again",
            "login.logout": "Signed out",
            "login.password": "Signed in again",
            "login.reset": "Set a password by a one-time link",
            "notifications.subscriptions": "Chose e-mail notifications",
            "saved_filters.remove": "Removed a saved filter",
            "saved_filters.rename": "Renamed a saved filter",
            "saved_filters.save": "Saved a filter",
            "tokens.issued": "Issued an API token",
            "tokens.confirm": "Confirmed an API token that writes",
            "tokens.revoke": "Revoked an API token",
        },
    ),
    Group(
        "operations",
        "Operations",
        {
            "api.discard_dead_letter": "Discarded a dead letter",
            "api.retry_set_apart": "Had what is set apart tried again",
            "command.discard_letter": "Discarded a dead letter",
            "command.dispose_evidence": "Disposed of old evidence",
            "command.replay_letters": "Sent dead letters back",
            "command.resync": "Had the current state said again",
            "set_apart.discard": "Discarded a dead letter",
            "command.set_quota": "Set what an organisation’s files may hold",
            "set_apart.retry": "Had what is set apart tried again",
        },
    ),
)

OF_CONCERNS: Final = tuple(action for group in GROUPS if group.name == CONCERNS for action in group.actions)
ACTIONS: Final = {action: words for group in GROUPS for action, words in group.actions.items()}
ROLES: Final = {"system": "Operations", "council": "Council’s system", "provider": "Provider’s system"}
"""Of those who have no account."""
ENDINGS: Final = {"done": "Done", "refused": "Refused", "failed": "Failed", "unknown": "Not known"}
"""How an action ended, by its name in addresses."""
_REFUSED: Final = {
    400: "The form was not filled in as it must be",
    401: "Nobody was signed in",
    403: "Not allowed to this role",
    404: "There was nothing of that name",
    405: "Not done in this way",
    409: "Not possible as things stood",
    412: "It had changed since it was looked at",
    413: "The file was too large",
    507: "There was no room for the file",
    422: "Not possible as it was asked",
    429: "Too many requests at once",
}
FIRST_REFUSED, FIRST_FAILED = 400, 500
"""The statuses of answers from which on an action was refused, or failed."""


def action_in_words(action: str) -> str:
    """What it does; the endpoint's own name, readable, where no words are set."""
    page, _, act = action.partition(".")
    return ACTIONS.get(action) or f"{page.replace('_', ' ').capitalize()}: {act.replace('_', ' ')}"


def group_of(action: str) -> str:
    """The words of the group that an action belongs to; nothing for one of none."""
    return next((group.text for group in GROUPS if action in group.actions), "")


def ending_in_words(status: int | None) -> str:
    """How an action ended, by the status of its answer; None: nobody knows."""
    if status is None:
        return ENDINGS["unknown"]
    if status < FIRST_REFUSED:
        return ENDINGS["done"]
    return ENDINGS["refused" if status < FIRST_FAILED else "failed"]


def outcome_in_words(status: int | None, outcome: str | None) -> str:
    """What came of it: the state that a thing is in then, or why it was refused; nothing where nobody said."""
    if outcome:
        return outcome[0].upper() + outcome[1:]
    return _REFUSED.get(status or 0, "")
