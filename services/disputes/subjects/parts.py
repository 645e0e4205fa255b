"""The parts of what disputes holds about a person: cases and what was said in them, claims, doubts, concerns, offers.

What was said in a case that is about other people too is left out, for nobody can tell whom it is about; that the case
is there, and when something was said, is not. Who wrote is told by side alone.
"""

from __future__ import annotations

from typing import Final

from libs.common.subjects.parts import NAMES_ON, OF_CPLI, STORED_AS, Part

SHARED: Final = "(left out: said of other people too)"
_DAY: Final = "coalesce(c.first_on, c.opened_at::date)"
_WRITTEN: Final = (
    "coalesce(nullif(v.snapshot -> 'values' ->> 'SSRef', ''), nullif(v.snapshot -> 'values' ->> 'ClientRef', ''),"
    " nullif(v.snapshot -> 'values' ->> 'NHSNumber', ''))"
)
"""As a visit named its client when it was disputed."""
_NAMED: Final = "{} = ANY(CAST(:names AS text[]))"
_CASES: Final = f"""
    SELECT c.*, (
        EXISTS (SELECT 1 FROM dispute_visits v WHERE v.case_id = c.case_id AND NOT {_NAMED.format(_WRITTEN)})
        OR EXISTS (
            SELECT 1 FROM claim_items i WHERE i.case_id = c.case_id AND NOT {_NAMED.format("i.client_reference")})
    ) AS is_shared FROM cases c
    WHERE {NAMES_ON.format(reference="c.client_reference", day=_DAY)} OR c.cpli_id {OF_CPLI}
        OR c.case_id IN (SELECT v.case_id FROM dispute_visits v JOIN cases x USING (case_id)
            WHERE {NAMES_ON.format(reference=_WRITTEN, day=_DAY.replace("c.", "x."))})
        OR c.case_id IN (SELECT i.case_id FROM claim_items i
            WHERE {NAMES_ON.format(reference="i.client_reference", day="i.admitted_on")})
"""
_CONCERNS: Final = f"""
    SELECT * FROM concerns k
    WHERE {NAMES_ON.format(reference="k.client_reference", day="coalesce(k.happened_on, k.received_on)")}
        OR k.cpli_id {OF_CPLI}
"""
_REQUISITIONS: Final = (
    f"SELECT * FROM requisitions r WHERE {NAMES_ON.format(reference='r.client_reference', day='r.start_on')}"
)
CASES: Final = Part(
    "cases",
    "Disputes, claims, actions, enquiries and reviews",
    "What council and provider had to settle about the person’s care.",
    f"""
    SELECT c.opened_at::text || ' ' || c.case_id AS place, c.number, c.kind, c.organisation_id, c.state,
        CASE WHEN c.is_shared THEN '{SHARED}' ELSE c.subject END, c.cpli_id, c.first_on, c.last_on, c.opened_at,
        c.changed_at
    FROM ({_CASES}) c
    """,
    ("Number", "Kind", "Provider", "State", "Subject", "CpliId", "From", "To", "Opened", "Changed"),
    ("cases",),
    is_prose=True,
)
CASE_VISITS: Final = Part(
    "disputed-visits",
    "Visits that were disputed",
    "What each visit said when the dispute was raised. Carers are left out.",
    f"""
    SELECT c.opened_at::text || ' ' || c.case_id || ' ' || v.visit_ref AS place, c.number, v.visit_ref,
        (v.snapshot -> 'values') - 'CarerRef'
    FROM ({_CASES}) c JOIN dispute_visits v USING (case_id)
    WHERE {NAMES_ON.format(reference=_WRITTEN, day=_DAY)}
    """,
    ("Number", "VisitRef", "What it said"),
    ("dispute_visits",),
    is_prose=True,
)
MESSAGES: Final = Part(
    "case-messages",
    "What was said in them",
    "Each message with the side that wrote it. Words of a case that is about other people too are left out.",
    f"""
    SELECT m.said_at::text || ' ' || m.message_id AS place, c.number, m.said_at, m.side, m.move, m.state,
        CASE WHEN c.is_shared AND m.words <> '' THEN '{SHARED}' ELSE m.words END
    FROM ({_CASES}) c JOIN messages m USING (case_id)
    """,
    ("Number", "When", "Side", "Move", "State", "Words"),
    ("messages",),
    is_prose=True,
)
ATTACHMENTS: Final = Part(
    "case-attachments",
    "Files that were attached",
    "Each with the file itself, but for cases that are about other people too.",
    f"""
    SELECT a.added_at::text || ' ' || a.attachment_id AS place, c.number, a.added_at, a.side,
        CASE WHEN c.is_shared THEN '{SHARED}' ELSE a.name END, CASE WHEN c.is_shared THEN '' ELSE a.object_key END
    FROM ({_CASES}) c JOIN attachments a USING (case_id)
    """,
    ("Number", "When", "Side", "Name", STORED_AS),
    ("attachments",),
    is_prose=True,
)
CLAIM_ITEMS: Final = Part(
    "claim-items",
    "Items of one-off claims",
    "Each version of an item about a stay in hospital, in pounds.",
    f"""
    SELECT i.changed_at::text || ' ' || i.version_id AS place, c.number, i.description, i.service_level, i.amount,
        i.admitted_on, i.resumed_on, i.told_on, i.is_planned_respite, i.is_included, i.is_removed, i.side, i.la_note,
        i.changed_at
    FROM claim_items i JOIN cases c USING (case_id)
    WHERE {NAMES_ON.format(reference="i.client_reference", day="i.admitted_on")}
    """,
    (
        *(
            "Number",
            "Description",
            "Service level",
            "Amount",
            "Admitted",
            "Resumed",
            "Provider told",
            "Planned respite",
        ),
        *("Included", "Removed", "Side", "Council’s note", "Written"),
    ),
    ("claim_items",),
    is_prose=True,
)
CLAIM_WORKINGS: Final = Part(
    "claim-workings",
    "How claims were worked out",
    "What an item was worth by the hospital visits.",
    f"""
    SELECT w.made_at::text || ' ' || w.item_id || ' ' || lpad(w.ordinal::text, 10, '0') AS place, c.number, w.made_at,
        w.working
    FROM claim_workings w JOIN cases c USING (case_id) WHERE w.item_id IN (
        SELECT i.item_id FROM claim_items i WHERE {NAMES_ON.format(reference="i.client_reference", day="i.admitted_on")})
    """,
    ("Number", "When", "Working"),
    ("claim_workings",),
)
DOUBTS: Final = Part(
    "doubts",
    "What the data made doubtful",
    "What was proposed to be asked about visits and weeks, and what became of it.",
    f"""
    SELECT d.first_on || ' ' || d.doubt_id AS place, d.organisation_id, d.kind, d.cpli_id, d.first_on, d.last_on,
        array_to_string(d.visits, ', '), d.state, d.found_at, d.settled_at, d.settled_why
    FROM doubts d WHERE {NAMES_ON.format(reference="d.client_reference", day="d.first_on")} OR d.cpli_id {OF_CPLI}
    """,
    ("Provider", "Kind", "CpliId", "From", "To", "Visits", "State", "Found", "Settled", "Why"),
    ("doubts",),
    is_prose=True,
)
CONCERNS: Final = Part(
    "concerns",
    "Concerns about the person’s care",
    "What somebody was concerned about, and how it ended. Who raised it is left out.",
    f"""
    SELECT k.received_on || ' ' || k.concern_id AS place, k.number, k.kind, k.organisation_id, k.cpli_id, k.happened_on,
        k.received_on, k.state, k.referred_to, k.ended_in
    FROM ({_CONCERNS}) k
    """,
    (
        *("Number", "Kind", "Provider", "CpliId", "Happened", "Received", "State", "Referred to"),
        "Ended in",
    ),
    ("concerns",),
)
CONCERN_STEPS: Final = Part(
    "concern-steps",
    "What was done about concerns",
    "Each step, with its words.",
    f"""
    SELECT s.done_at::text || ' ' || s.step_id AS place, k.number, s.done_at, s.move, s.state, s.words
    FROM ({_CONCERNS}) k JOIN concern_steps s USING (concern_id)
    """,
    ("Number", "When", "Move", "State", "Words"),
    ("concern_steps",),
    is_prose=True,
)
CONCERN_FILES: Final = Part(
    "concern-files",
    "Evidence of concerns",
    "Each with the file itself.",
    f"""
    SELECT f.added_at::text || ' ' || f.concern_file_id AS place, k.number, f.added_at, f.name, f.object_key
    FROM ({_CONCERNS}) k JOIN concern_files f USING (concern_id)
    """,
    ("Number", "When", "Name", STORED_AS),
    ("concern_files",),
    is_prose=True,
)
NOTICES: Final = Part(
    "breach-notices",
    "Breach notices that followed",
    "What the council told a provider, without the visits, which may be of other people too.",
    f"""
    SELECT n.sent_at::text || ' ' || n.notice_id AS place, n.number, k.number AS of, n.organisation_id, n.sent_on, n.due_on,
        n.state, n.words, n.council_words
    FROM ({_CONCERNS}) k JOIN breach_notices n USING (concern_id)
    """,
    ("Number", "Concern", "Provider", "Sent", "To answer by", "State", "Words", "At its end"),
    ("breach_notices",),
    is_prose=True,
)
ANSWERS: Final = Part(
    "breach-answers",
    "Answers to breach notices",
    "What the provider answered.",
    f"""
    SELECT a.said_at::text || ' ' || a.answer_id AS place, n.number, a.said_at, a.is_late, a.words
    FROM ({_CONCERNS}) k JOIN breach_notices n USING (concern_id) JOIN breach_answers a USING (notice_id)
    """,
    ("Notice", "When", "Late", "Words"),
    ("breach_answers",),
    is_prose=True,
)
ANSWER_FILES: Final = Part(
    "breach-files",
    "Files of these answers",
    "Each with the file itself.",
    f"""
    SELECT f.added_at::text || ' ' || f.concern_file_id AS place, n.number, f.added_at, f.name, f.object_key
    FROM ({_CONCERNS}) k JOIN breach_notices n USING (concern_id) JOIN breach_files f USING (notice_id)
    """,
    ("Notice", "When", "Name", STORED_AS),
    ("breach_files",),
    is_prose=True,
)
REQUISITIONS: Final = Part(
    "requisitions",
    "Care that was wanted for the person",
    "Requisitions by which the council looked for a provider.",
    f"""
    SELECT r.made_at::text || ' ' || r.requisition_id AS place, r.number, r.list_name, r.service, r.service_level, r.zone,
        r.hours, r.timetable, r.start_on, r.note, r.made_at
    FROM ({_REQUISITIONS}) r
    """,
    ("Number", "List", "Service", "Service level", "Zone", "Hours", "Timetable", "Start", "Note", "Made"),
    ("requisitions",),
    is_prose=True,
)
OFFERS: Final = Part(
    "offers",
    "To whom that care was offered",
    "Each offer, and what became of it.",
    f"""
    SELECT o.offered_at::text || ' ' || o.offer_id AS place, r.number, o.organisation_id, o.offered_at, o.lapses_at, a.answer,
        a.reason, a.answered_at
    FROM ({_REQUISITIONS}) r JOIN offers o USING (requisition_id) LEFT JOIN offer_answers a USING (offer_id)
    """,
    ("Number", "Provider", "Offered", "Stands until", "Answer", "Why", "Answered"),
    ("offers", "offer_answers"),
    is_prose=True,
)
PARTS: Final = (
    *(CASES, CASE_VISITS, MESSAGES, ATTACHMENTS, CLAIM_ITEMS, CLAIM_WORKINGS, DOUBTS),
    *(CONCERNS, CONCERN_STEPS, CONCERN_FILES, NOTICES, ANSWERS, ANSWER_FILES, REQUISITIONS, OFFERS),
)
LEFT_OUT: Final = {
    "doubt_looks": "which visits of an organisation’s week are silent",
    "requisition_places": "the providers of a ranking",
    "requisition_skips": "why a provider was left out",
    "requisition_ends": "why a requisition was withdrawn",
    "meetings": "notes of meetings with providers",
}
"""Tables that name clients, their visits or care, and are in no part, each with the reason."""
