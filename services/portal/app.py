"""The portal's Flask application; gunicorn serves it, in one worker with threads (`web/serving`)."""

from __future__ import annotations

from flask import Flask

from libs.common.files.csv_files import MAX_BYTES
from libs.common.process import logs
from libs.common.process.config import settings
from libs.common.process.health import Readiness
from libs.common.process.probes import files_can_be_kept
from libs.common.process.threads import KeptThreads
from libs.common.rpc.signing import trusted
from services.portal import api
from services.portal.accounts import environment
from services.portal.accounts import pages as accounts_pages
from services.portal.accounts.environment import Parts
from services.portal.accounts.helpdesk import pages as helpdesk_pages
from services.portal.accounts.openid import pages as openid_pages
from services.portal.accounts.signing_in import pages as signing_in_pages
from services.portal.accounts.tokens import pages as tokens_pages
from services.portal.actuals import api as actuals_api
from services.portal.actuals import change_pages as actuals_change_pages
from services.portal.actuals import extra_rules_pages as actuals_rules_pages
from services.portal.actuals import files_api as actuals_files_api
from services.portal.actuals import files_pages as actuals_files_pages
from services.portal.actuals import pages as actuals_pages
from services.portal.audit import pages as audit_pages
from services.portal.audit import steps as audit_steps
from services.portal.audit.hearing import CommandsListener
from services.portal.bulk import acts as bulk_acts
from services.portal.bulk import api as bulk_api
from services.portal.bulk import pages as bulk_pages
from services.portal.care import api as care_api
from services.portal.care import clients_pages, imports_api, imports_pages, merging_api, merging_pages
from services.portal.care import pages as care_pages
from services.portal.care.circumstances import api as circumstances_api
from services.portal.carers import api as carers_api
from services.portal.carers import pages as carers_pages
from services.portal.casework.cases import attachments_api, attachments_pages
from services.portal.casework.claims import api as claims_api
from services.portal.casework.claims import items_pages
from services.portal.casework.claims import pages as claims_pages
from services.portal.casework.conversations import actions_pages, enquiries_pages, reviews_pages
from services.portal.casework.conversations import api as conversations_api
from services.portal.casework.disputes import api as disputes_api
from services.portal.casework.disputes import bulk as disputes_bulk
from services.portal.casework.disputes import pages as disputes_pages
from services.portal.casework.disputes import raise_pages
from services.portal.casework.worklist import api as worklist_api
from services.portal.casework.worklist import pages as worklist_pages
from services.portal.casework.worklist import samples_pages, settling_pages
from services.portal.clients.gateway import Gateway
from services.portal.concerns import api as concerns_api
from services.portal.concerns import lists_api as concerns_lists_api
from services.portal.concerns import lists_pages as concerns_lists_pages
from services.portal.concerns import pages as concerns_pages
from services.portal.concerns import raise_pages as concerns_raise_pages
from services.portal.concerns import trends_pages as concerns_trends_pages
from services.portal.concerns.notices import api as breach_notices_api
from services.portal.concerns.notices import pages as breach_notices_pages
from services.portal.contacts import change_requests_pages
from services.portal.contacts import pages as contacts_pages
from services.portal.documents import api as documents_api
from services.portal.documents import bulk as documents_bulk
from services.portal.documents import pages as documents_pages
from services.portal.evidence import changes as evidence_changes
from services.portal.evidence import requests as evidence_requests
from services.portal.filters import offering
from services.portal.filters import pages as filters_pages
from services.portal.gathered import pages as gathered_pages
from services.portal.help import pages as help_pages
from services.portal.home import pages as home_pages
from services.portal.home import search
from services.portal.letters import pages as letters_pages
from services.portal.letters.mail import Postman
from services.portal.letters.notifications import Notifier
from services.portal.lists import pages as lists_pages
from services.portal.lists import pay_rules_words
from services.portal.money.charges import pages as charges_pages
from services.portal.money.invoices import api as invoices_api
from services.portal.money.invoices import deciding_pages as invoices_deciding_pages
from services.portal.money.invoices import files_api as invoices_files_api
from services.portal.money.invoices import making_pages as invoices_making_pages
from services.portal.money.invoices import pages as invoices_pages
from services.portal.money.invoices import settings_api as invoices_settings_api
from services.portal.money.invoices import settings_pages as invoices_settings_pages
from services.portal.money.items import bulk as holds_bulk
from services.portal.money.items import holds_api, holds_pages
from services.portal.money.items import pages as payments_items
from services.portal.money.periods import answers_pages, orders_pages, posting_pages
from services.portal.money.periods import api as periods_api
from services.portal.money.periods import pages as periods_pages
from services.portal.money.runs import api as runs_api
from services.portal.money.runs import debts_pages
from services.portal.money.runs import pages as runs_pages
from services.portal.monitoring import api as monitoring_api
from services.portal.monitoring import delivery_pages, measures_pages
from services.portal.monitoring import visits_pages as measured_visits_pages
from services.portal.monitoring.cleansing import api as cleansing_api
from services.portal.monitoring.kpi import api as kpis_api
from services.portal.monitoring.kpi import meetings_pages as kpis_meetings_pages
from services.portal.monitoring.kpi import pages as kpis_pages
from services.portal.monitoring.kpi import settings_pages as kpis_settings_pages
from services.portal.monitoring.overlaps import api as overlaps_api
from services.portal.monitoring.overlaps import limits_pages
from services.portal.monitoring.settings import api as settings_api
from services.portal.monitoring.settings import diaries_pages, thresholds_pages
from services.portal.offers import api as offers_api
from services.portal.offers import own_pages as offers_own_pages
from services.portal.offers import pages as offers_pages
from services.portal.operations import api as operations_api
from services.portal.operations import pages as operations_pages
from services.portal.proposals import api as proposals_api
from services.portal.proposals import pages as proposals_pages
from services.portal.protection.readings import api as readings_api
from services.portal.protection.readings import pages as readings_pages
from services.portal.protection.subject_access import api as subject_access_api
from services.portal.protection.subject_access import pages as subject_access_pages
from services.portal.protection.subject_access.steps import Exporter
from services.portal.ranking import api as ranking_api
from services.portal.ranking import frozen_pages as ranking_frozen_pages
from services.portal.ranking import own_pages as ranking_own_pages
from services.portal.ranking import pages as ranking_pages
from services.portal.reports import pages as reports_pages
from services.portal.staff import pages as staff_pages
from services.portal.storage import pages as storage_pages
from services.portal.storage.sweeping import Sweeper
from services.portal.visits import api as visits_api
from services.portal.visits import change_pages, unmatched_pages
from services.portal.visits import pages as visits_pages
from services.portal.visits.bulk import correcting, deleting, week_files
from services.portal.visits.client_lists import pages as client_list_pages
from services.portal.visits.corrections import pages as corrections_pages
from services.portal.visits.files import api as files_api
from services.portal.visits.files import outcome_pages, will_match_api
from services.portal.visits.files import pages as files_pages
from services.portal.visits.mending import pages as mending_pages
from services.portal.web import (
    addresses,
    appearance,
    branding,
    browser_sessions,
    formats,
    same_origin,
    stacking,
)
from services.portal.web.coming_back import stale, unsent
from services.portal.web.listing import lists
from services.portal.web.names import organisations
from services.portal.web.serving import errors, headers, health, hosts

PAGES = (
    signing_in_pages,
    openid_pages,
    accounts_pages,
    filters_pages,
    helpdesk_pages,
    staff_pages,
    files_pages,
    outcome_pages,
    corrections_pages,
    mending_pages,
    client_list_pages,
    visits_pages,
    change_pages,
    unmatched_pages,
    week_files,
    bulk_pages,
    actuals_pages,
    actuals_change_pages,
    actuals_files_pages,
    actuals_rules_pages,
    periods_pages,
    answers_pages,
    holds_pages,
    debts_pages,
    payments_items,
    orders_pages,
    posting_pages,
    runs_pages,
    invoices_pages,
    invoices_making_pages,
    invoices_deciding_pages,
    invoices_settings_pages,
    proposals_pages,
    kpis_pages,
    kpis_meetings_pages,
    kpis_settings_pages,
    charges_pages,
    claims_pages,
    items_pages,
    reports_pages,
    limits_pages,
    audit_pages,
    readings_pages,
    subject_access_pages,
    tokens_pages,
    contacts_pages,
    change_requests_pages,
    letters_pages,
    help_pages,
    care_pages,
    imports_pages,
    documents_pages,
    carers_pages,
    clients_pages,
    gathered_pages,
    merging_pages,
    search,
    operations_pages,
    storage_pages,
    lists_pages,
    attachments_pages,
    worklist_pages,
    settling_pages,
    samples_pages,
    disputes_pages,
    raise_pages,
    actions_pages,
    enquiries_pages,
    reviews_pages,
    measures_pages,
    measured_visits_pages,
    thresholds_pages,
    diaries_pages,
    delivery_pages,
    concerns_pages,
    concerns_raise_pages,
    concerns_trends_pages,
    concerns_lists_pages,
    breach_notices_pages,
    ranking_pages,
    ranking_frozen_pages,
    ranking_own_pages,
    offers_pages,
    offers_own_pages,
)
"""The views with pages of their own; each has a blueprint."""

RESOURCES = (
    files_api,
    will_match_api,
    visits_api,
    actuals_files_api,
    actuals_api,
    carers_api,
    care_api,
    imports_api,
    circumstances_api,
    documents_api,
    periods_api,
    holds_api,
    runs_api,
    invoices_api,
    invoices_files_api,
    invoices_settings_api,
    proposals_api,
    disputes_api,
    worklist_api,
    claims_api,
    conversations_api,
    attachments_api,
    operations_api,
    merging_api,
    monitoring_api,
    settings_api,
    kpis_api,
    concerns_api,
    concerns_lists_api,
    breach_notices_api,
    overlaps_api,
    cleansing_api,
    ranking_api,
    offers_api,
    readings_api,
    subject_access_api,
    bulk_api,
)
"""What the JSON API is made of."""

BULK_ACTS = (
    deleting.ACT,
    correcting.ACT,
    holds_bulk.HOLDING,
    holds_bulk.RELEASING,
    disputes_bulk.ACT,
    documents_bulk.AGREEING,
    documents_bulk.AGREEING_MANUALLY,
)
"""What can be done to many rows at once."""


def create_app(gateway: Gateway | None = None, accounts: Parts | None = None) -> Flask:
    """The application. What is None is made from the environment; ConfigError says what is missing there.

    Letters are sent from this process when the parts of accounts come from the environment.
    """
    known = settings(needs=("amqp_url",) if gateway is None else ())
    logs.configure("portal", "web", known.log_level)
    app = Flask(__name__)
    gateway = gateway or Gateway(known.amqp_url)
    threads = KeptThreads()
    if accounts is None:
        accounts = environment.from_environment()
        postman = Postman(accounts.sessions, accounts.vault, accounts.mail_server, accounts.clock)
        threads.start("postman", postman.run)
        threads.start("notifier", Notifier(accounts, gateway).run)
        commands = CommandsListener(accounts.sessions, gateway, known.amqp_url, trusted())
        threads.start("commands", commands.run)
        threads.start("sweeper", Sweeper(accounts, gateway).run)
        threads.start("exporter", Exporter(accounts, gateway).run)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + browser_sessions.FORM_BYTES
    addresses.register(app)
    formats.register(app)
    stacking.register(app)
    lists.register(app)
    offering.register(app)
    pay_rules_words.register(app)
    bulk_acts.register(app, BULK_ACTS)
    same_origin.register(app)
    browser_sessions.register(app, accounts)
    unsent.register(app)
    stale.register(app)
    evidence_changes.register(app, accounts.sessions)
    audit_steps.register(app)
    appearance.register(app, branding.from_environment())
    app.register_blueprint(home_pages.pages(gateway))
    organisations.register(app, gateway)
    app.extensions["gateway"] = gateway
    for views in PAGES:
        app.register_blueprint(views.pages)
    checks = {"broker": gateway.check, "threads": threads.reason, "files": files_can_be_kept} | (
        {"database": accounts.check} if accounts.check else {}
    )
    readiness = app.extensions["readiness"] = Readiness(checks)
    app.register_blueprint(health.pages(readiness))
    errors.register(app)
    browser_sessions.csrf.exempt(api.register(app, gateway, RESOURCES))
    headers.register(app)
    hosts.register(app)
    evidence_requests.register(app)  # last, so that it runs first: what it answers instead is secured too
    return app
