"""The parts of what matching holds about a person: who they are, their care, and how their visits were matched."""

from __future__ import annotations

from typing import Final

from libs.common.subjects.parts import OF_CLIENT, OF_CPLI, Part

PERSON: Final = Part(
    "person",
    "Who the person is",
    "Name, date of birth and the identifiers by which the council knows the person.",
    f"""
    SELECT client_id::text AS place, ssref, client_ref, nhs_number, title, forename, surname, date_of_birth
    FROM clients WHERE client_id {OF_CLIENT}
    """,
    ("SSRef", "ClientRef", "NHSNumber", "Title", "Forename", "Surname", "DateOfBirth"),
    ("clients",),
)
IDENTIFIERS: Final = Part(
    "identifiers",
    "Identifiers, former ones too",
    "Each SSRef (S), ClientRef (C) and NHSNumber (N) that the person has or had, and from when on.",
    f"""
    SELECT from_on || ' ' || identifier || ' ' || given AS place, left(identifier, 1), substr(identifier, 3), from_on,
        is_merged FROM client_identifiers WHERE client_id {OF_CLIENT}
    """,
    ("Kind", "Identifier", "From", "Of a record that was merged"),
    ("client_identifiers",),
)
MERGES: Final = Part(
    "merged-records",
    "Records that were found to be the same person",
    "What was known under another record until it was merged into this one, and why it was.",
    f"""
    SELECT merged_at::text || ' ' || client_id AS place, merged_at, client ->> 'title', client ->> 'forename',
        client ->> 'surname', client ->> 'date_of_birth', client ->> 'ssref', client ->> 'client_ref',
        client ->> 'nhs_number', reason
    FROM client_merges WHERE client_id {OF_CLIENT}
    """,
    ("Merged", "Title", "Forename", "Surname", "DateOfBirth", "SSRef", "ClientRef", "NHSNumber", "Why"),
    ("client_merges",),
    is_prose=True,
)
CIRCUMSTANCES: Final = Part(
    "circumstances",
    "Circumstances",
    "Stays in hospital, respite and the like: each version, also of what was entered in error and withdrawn.",
    f"""
    SELECT from_on || ' ' || circumstance_id || ' ' || lpad(version::text, 20, '0') AS place, kind, from_on, to_on, note,
        withdrawn, changed_at
    FROM client_circumstances WHERE client_id {OF_CLIENT}
    """,
    ("Kind", "From", "To", "Note", "Withdrawn", "Written"),
    ("client_circumstances",),
    is_prose=True,
)
LINE_ITEMS: Final = Part(
    "care-package-line-items",
    "Commissioned care",
    "What care the council has commissioned from whom, with the timetable (weekday from 0, Monday; seconds of the day).",
    f"""
    SELECT lpad(c.cpli_id::text, 20, '0') AS place, c.cpli_id, o.name, s.name AS service, s.contract, c.service_level,
        c.start_on, c.end_on, c.unit, c.frequency, c.pricing, c.payment_method, c.authorised, c.timetable,
        c.critical_slots, c.suspensions, c.council_ref
    FROM cplis c JOIN organisations o USING (organisation_id) JOIN services s USING (service_id)
    WHERE c.client_id {OF_CLIENT}
    """,
    (
        *(
            "CpliId",
            "Provider",
            "Service",
            "Contract",
            "Service level",
            "Start",
            "End",
            "Unit",
            "Frequency",
            "Pricing",
        ),
        *("Payment method", "Authorised", "Timetable", "Time-critical", "Suspensions", "Council’s reference"),
    ),
    ("cplis",),
)
TERMS: Final = Part(
    "terms",
    "Quantities, unit costs and contributions",
    "From when on how much care is commissioned, at what cost, and what the person was assessed to pay a week.",
    f"""
    SELECT lpad(t.cpli_id::text, 20, '0') || ' ' || t.effective_from AS place, t.cpli_id, t.effective_from, t.quantity,
        t.unit_cost, t.assessed_contribution, t.collected_by
    FROM cpli_terms t WHERE t.cpli_id {OF_CPLI}
    """,
    ("CpliId", "From", "Quantity", "Unit cost", "Assessed contribution", "Collected by"),
    ("cpli_terms",),
)
CARE_ROWS: Final = Part(
    "care-rows",
    "What the council’s care system said",
    "Each row that changed the commissioned care, as it was read, and when.",
    f"""
    SELECT lpad(h.entry_id::text, 20, '0') AS place, h.cpli_id, h.imported_at, h.care_row
    FROM cpli_history h WHERE h.cpli_id {OF_CPLI} AND EXISTS (
        SELECT 1 FROM unnest(CAST(:names AS text[])) AS meant (name) WHERE meant.name IN (
            h.care_row -> 'client' ->> 'ssref', h.care_row -> 'client' ->> 'client_ref',
            h.care_row -> 'client' ->> 'nhs_number'))
    """,
    ("CpliId", "Read", "What it said"),
    ("cpli_history",),
)
DOCUMENTS: Final = Part(
    "contract-documents",
    "Contract documents",
    "What council and provider agreed about care that was set up or ended, as it was published.",
    f"""
    SELECT lpad(number::text, 20, '0') AS place, number, cpli_id, kind, published_at, due_on, status, updated_at, says
    FROM contract_documents WHERE client_id {OF_CLIENT}
    """,
    ("Number", "CpliId", "Kind", "Published", "To answer by", "Status", "Changed", "What it says"),
    ("contract_documents",),
)
DOCUMENT_NOTES: Final = Part(
    "contract-document-notes",
    "What was done with contract documents",
    "When each was published, agreed or rejected, and why.",
    f"""
    SELECT lpad(d.number::text, 20, '0') || ' ' || lpad(n.ordinal::text, 10, '0') AS place, d.number, n.said_at, n.move,
        n.reason
    FROM contract_document_notes n JOIN contract_documents d USING (document_id) WHERE d.client_id {OF_CLIENT}
    """,
    ("Number", "When", "What", "Why"),
    ("contract_document_notes",),
    is_prose=True,
)
MATCHES: Final = Part(
    "matches",
    "How visits were matched",
    "The commissioned care that each visit was matched to, or why it was not.",
    f"""
    SELECT v.planned_on || ' ' || v.organisation_id || ' ' || v.visit_ref AS place, o.name, v.visit_ref, v.planned_on,
        v.visit_type, v.deleted, v.cpli_id, v.reason
    FROM visits v LEFT JOIN organisations o USING (organisation_id) WHERE v.client_id {OF_CLIENT}
    """,
    ("Provider", "VisitRef", "Planned", "Type", "Deleted", "CpliId", "Why unmatched"),
    ("visits",),
)
PARTS: Final = (
    *(PERSON, IDENTIFIERS, MERGES, CIRCUMSTANCES, LINE_ITEMS, TERMS, CARE_ROWS, DOCUMENTS, DOCUMENT_NOTES),
    MATCHES,
)
LEFT_OUT: Final = {
    "actuals": "a copy of what ingest holds",
    "weeks": "versions of weeks alone, which payments has in money",
    "measured_carers": "counted out of visits: which carers came in a week; they can be counted again",
    "measured_deliveries": "counted out of visits: the seconds of a line item’s week; they can be counted again",
    "one_diaries": "how care is monitored, by line item",
    "care_imports": "files of many people, whose rows are kept with the care that they changed",
}
"""Tables that name clients or their care, and are in no part, each with the reason."""
