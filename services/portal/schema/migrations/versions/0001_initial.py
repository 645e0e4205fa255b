"""The schema ``portal`` as it was first released."""

from functools import partial

from alembic import op
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

create_table = partial(op.create_table, schema="portal")

GIVE_A_PLACE = """
    CREATE FUNCTION portal.give_a_place() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF TG_ARGV[0] = 'event_id' THEN
            INSERT INTO portal.chain_places (source, row_id) VALUES (TG_TABLE_NAME, NEW.event_id);
        ELSE
            INSERT INTO portal.chain_places (source, row_id) VALUES (TG_TABLE_NAME, NEW.action_id);
        END IF;
        RETURN NULL;
    END $$
"""
HAS_A_PLACE = """
    CREATE TRIGGER has_a_place AFTER INSERT ON portal.{table} FOR EACH ROW
    EXECUTE FUNCTION portal.give_a_place({key})
"""
TELL_CHANGE = """
    CREATE FUNCTION portal.tell_change() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        was jsonb := CASE TG_OP WHEN 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
        becomes jsonb := CASE TG_OP WHEN 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
        told text[] := string_to_array(TG_ARGV[1], ',');
        before jsonb;
        after jsonb;
    BEGIN
        SELECT
            jsonb_object_agg(key, CASE WHEN key = ANY (told) THEN coalesce(was -> key, 'null')
                WHEN coalesce(was -> key, 'null') = 'null' THEN 'null' ELSE '"(not shown)"' END),
            jsonb_object_agg(key, CASE WHEN key = ANY (told) THEN coalesce(becomes -> key, 'null')
                WHEN coalesce(becomes -> key, 'null') = 'null' THEN 'null' ELSE '"(not shown)"' END)
        INTO before, after
        FROM jsonb_object_keys(was || becomes) AS key
        WHERE coalesce(was -> key, 'null') <> coalesce(becomes -> key, 'null')
            AND key <> ALL (string_to_array(TG_ARGV[2], ','));
        IF after IS NOT NULL THEN
            INSERT INTO portal.evidence
                (event_id, kind, who, request_id, action, kinds, objects, clients, old, new, outcome)
            VALUES (gen_random_uuid(), 'changed', nullif(current_setting('app.who', true), ''),
                nullif(current_setting('app.request', true), '')::uuid, TG_TABLE_NAME, ARRAY[TG_ARGV[0]],
                ARRAY[(was || becomes) ->> TG_ARGV[0]], '{}', CASE WHEN TG_OP <> 'INSERT' THEN before END,
                CASE WHEN TG_OP <> 'DELETE' THEN after END, lower(TG_OP));
        END IF;
        RETURN NULL;
    END $$
"""
TELLS_CHANGE = """
    CREATE TRIGGER tells_change AFTER INSERT OR UPDATE OR DELETE ON portal.{table} FOR EACH ROW
    EXECUTE FUNCTION portal.tell_change('{key}', '{told}', '{left_out}')
"""
TELLING = (
    (
        "accounts",
        "account_id",
        "role,organisation_id,must_change_password,disabled_at",
        "account_id,first_position,second_position,totp_step,made_at,signed_in_at",
    ),
    ("tokens", "token_id", "organisation_id,role,over_at,revoked_at,revoked_by,made_by", "token_id,made_at"),
    ("contacts", "contact_id", "organisation_id,roles,account_id", "contact_id,made_at,changed_at"),
    (
        "change_requests",
        "change_id",
        "kind,role,state,contact_id,account_id",
        "change_id,submitted_at,answered_at",
    ),
)
"""Tables whose changes are told with old and new values; key, the columns with their values, and those left out.

Of any other column it is told that it changed, without a value: passwords, codes, names and addresses are among them.
"""


def upgrade() -> None:
    """Create the tables. The portal alone reads them: no row is shown to one role and hidden from another."""
    _create_accounts()
    _create_ways_back()
    _create_api()
    _create_people()
    _create_audit()
    _create_evidence()
    _create_chain()
    _create_unsent_forms()
    _create_storage()
    _create_protection()
    _create_bulk()
    _create_what_stays_here()


def _create_accounts() -> None:
    """Who may come in, and what they are asked for."""
    create_table(
        "accounts",
        Column("account_id", Uuid, primary_key=True),
        Column("email", Text, nullable=False),
        Column("subject", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False, server_default=""),
        Column("role", Text, nullable=False),
        Column("organisation", Text),
        Column("organisation_id", Uuid),
        Column("password_hash", Text, nullable=False),
        Column("must_change_password", Boolean, nullable=False),
        Column("code", LargeBinary),
        Column("code_key", SmallInteger),
        Column("first_position", SmallInteger, nullable=False),
        Column("second_position", SmallInteger, nullable=False),
        Column("totp", LargeBinary),
        Column("totp_key", SmallInteger),
        Column("totp_step", BigInteger, nullable=False, server_default="0"),
        Column("openid", Text, unique=True),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("signed_in_at", DateTime(timezone=True)),
        Column("disabled_at", DateTime(timezone=True)),
    )
    create_table(
        "attempts",
        Column("subject", Text, primary_key=True),
        Column("counter", Text, primary_key=True),
        Column("failures", BigInteger, nullable=False),
        Column("locks", BigInteger, nullable=False),
        Column("locked_until", DateTime(timezone=True)),
        Column("failed_at", DateTime(timezone=True), nullable=False),
        Column("wrong_answers", BigInteger, nullable=False, server_default="0"),
        Index("attempts_old", "failed_at"),
    )
    create_table(
        "tries",
        Column("kind", Text, primary_key=True),
        Column("of", LargeBinary, primary_key=True),
        Column("hour", DateTime(timezone=True), primary_key=True),
        Column("tries", BigInteger, nullable=False),
        Index("tries_old", "hour"),
    )
    create_table(
        "app_requirements",
        Column("role", Text, primary_key=True),
        Column("is_required", Boolean, nullable=False),
        Column("set_at", DateTime(timezone=True), nullable=False),
        Column("set_by", Text, nullable=False),
    )
    create_table(
        "sign_ins",
        Column("sign_in_hash", LargeBinary, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("account_id", Uuid),
        Column("counter", Text, nullable=False),
        Column("is_password_right", Boolean, nullable=False),
        Column("is_counted", Boolean, nullable=False),
        Column("is_digits_right", Boolean, nullable=False),
        Column("first_position", SmallInteger, nullable=False),
        Column("second_position", SmallInteger, nullable=False),
        Column("password_hash", Text),
        Column("openid", Text),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Index("sign_ins_over", "over_at"),
    )
    create_table(
        "sessions",
        Column("session_hash", LargeBinary, primary_key=True),
        Column("account_id", Uuid, nullable=False),
        Column("counter", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("seen_at", DateTime(timezone=True), nullable=False),
        Column("totp", LargeBinary),
        Column("totp_key", SmallInteger),
        Column("device", Text, nullable=False, server_default=""),
        Index("sessions_of_account", "account_id"),
        Index("sessions_old", "seen_at"),
    )


def _create_ways_back() -> None:
    """Links to sign in by and for a new password, requests to the helpdesk, and letters to be sent."""
    create_table(
        "sign_in_links",
        Column("link_hash", LargeBinary, primary_key=True),
        Column("account_id", Uuid, nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Column("passwords", SmallInteger, nullable=False, server_default="0"),
        Index("sign_in_links_of_account", "account_id"),
    )
    create_table(
        "links",
        Column("link_hash", LargeBinary, primary_key=True),
        Column("account_id", Uuid, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Column("used_at", DateTime(timezone=True)),
        Index("links_of_account", "account_id"),
    )
    create_table(
        "reset_requests",
        Column("request_id", Uuid, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("email", Text, nullable=False),
        Column("telephone", Text, nullable=False),
        Column("asked_from", LargeBinary, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("answered_at", DateTime(timezone=True)),
        Column("answered_by", Text),
        Index("reset_requests_from", "asked_from", "asked_at"),
        Index("reset_requests_of_subject", "subject"),
        Index("reset_requests_open", "asked_at", postgresql_where=text("answered_at is null")),
    )
    create_table(
        "letters",
        Column("letter_id", Uuid, primary_key=True),
        Column("recipient", Text),
        Column("subject_line", Text, nullable=False),
        Column("text", LargeBinary, nullable=False),
        Column("text_key", SmallInteger, nullable=False),
        Column("failures", BigInteger, nullable=False),
        Column("written_at", DateTime(timezone=True), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text),
        Column("given_up_at", DateTime(timezone=True)),
        Index("letters_due", "due_at", postgresql_where=text("given_up_at is null")),
    )


def _create_api() -> None:
    """Tokens of other systems, and idempotency keys for 24 hours."""
    create_table(
        "tokens",
        Column("token_id", Text, primary_key=True),
        Column("secret_hash", LargeBinary, nullable=False),
        Column("organisation", Text),
        Column("organisation_id", Uuid),
        Column("made_by", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Column("revoked_at", DateTime(timezone=True)),
        Column("revoked_by", Text),
        Column("purpose", Text, nullable=False, server_default=""),
        Column("role", Text),
        Column("owner_id", Uuid),
        Column("scopes", ARRAY(Text), nullable=False),
        Column("confirmed_by", Text),
        Column("confirmed_at", DateTime(timezone=True)),
        Column("used_at", DateTime(timezone=True)),
        Column("warned_at", DateTime(timezone=True)),
        Index("tokens_of", "organisation_id", "made_at"),
        Index("tokens_of_owner", "owner_id"),
    )
    create_table(
        "idempotency_keys",
        Column("asker", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("digest", LargeBinary, nullable=False),
        Column("seed", Uuid, nullable=False),
        Column("state", Text, nullable=False),
        Column("claimed_at", DateTime(timezone=True), nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("status", BigInteger),
        Column("headers", JSONB),
        Column("body", LargeBinary),
        Index("idempotency_keys_old", "made_at"),
    )


def _create_people() -> None:
    """Contacts of providers, their change requests, and the letters that holders want."""
    create_table(
        "contacts",
        Column("contact_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("details", JSONB, nullable=False),
        Column("roles", ARRAY(Text), nullable=False),
        Column("account_id", Uuid, unique=True),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Index("contacts_of", "organisation_id"),
    )
    create_table(
        "change_requests",
        Column("change_id", Uuid, primary_key=True),
        Column("organisation_id", Uuid),
        Column("organisation", Text),
        Column("kind", Text, nullable=False),
        Column("contact_id", Uuid),
        Column("account_id", Uuid),
        Column("entity_name", Text, nullable=False),
        Column("role", Text),
        Column("wanted", JSONB, nullable=False),
        Column("state", Text, nullable=False),
        Column("submitted_at", DateTime(timezone=True), nullable=False),
        Column("submitted_by", Uuid, nullable=False),
        Column("answered_at", DateTime(timezone=True)),
        Column("answered_by", Uuid),
        Column("rejection_reason", Text),
        Index("change_requests_newest", "submitted_at", "change_id"),
        Index("change_requests_of", "organisation_id", "submitted_at", "change_id"),
        Index("change_requests_pending", "submitted_at", postgresql_where=text("state = 'pending'")),
    )
    create_table(
        "subscriptions",
        Column("account_id", Uuid, primary_key=True),
        Column("kind", Text, primary_key=True),
    )
    create_table(
        "saved_filters",
        Column("filter_id", Uuid, primary_key=True),
        Column("account_id", Uuid, nullable=False),
        Column("page", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("query", Text, nullable=False),
        Column("saved_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("account_id", "page", "name"),
    )
    create_table(
        "told",
        Column("account_id", Uuid, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("about", Text, primary_key=True),
        Column("told_at", DateTime(timezone=True), nullable=False),
        Index("told_old", "told_at"),
    )


def _create_audit() -> None:
    """What was asked, and how it ended; rows are only added."""
    create_table(
        "audit",
        Column("action_id", Uuid, primary_key=True),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("who", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("organisation_id", Uuid),
        Column("action", Text, nullable=False),
        Column("objects", ARRAY(Text), nullable=False),
        Column("kinds", ARRAY(Text), nullable=False),
        Index("audit_newest", "asked_at", "action_id"),
        Index("audit_of_action", "action", "asked_at"),
        Index("audit_of_object", "objects", postgresql_using="gin"),
        Index("audit_of_organisation", "organisation_id", "asked_at"),
        Index("audit_of_who", "who", "asked_at"),
    )
    create_table(
        "audit_ends",
        Column("action_id", Uuid, primary_key=True),
        Column("ended_at", DateTime(timezone=True), nullable=False),
        Column("status", SmallInteger, nullable=False),
        Column("made", ARRAY(Text), nullable=False),
        Column("made_kinds", ARRAY(Text), nullable=False),
        Column("amount", Numeric),
        Column("organisation_id", Uuid),
        Column("organisation", Text),
        Column("contract", Text),
        Column("outcome", Text),
        Index("audit_ends_of_object", "made", postgresql_using="gin"),
        Index("audit_ends_of_organisation", "organisation_id"),
    )


def _create_evidence() -> None:
    """Who came in, was refused, looked or changed; rows are only added, at the time that the database says."""
    create_table(
        "evidence",
        Column("event_id", Uuid, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("kind", Text, nullable=False),
        Column("who", Text),
        Column("role", Text),
        Column("organisation_id", Uuid),
        Column("request_id", Uuid),
        Column("address", Text),
        Column("action", Text),
        Column("kinds", ARRAY(Text), nullable=False),
        Column("objects", ARRAY(Text), nullable=False),
        Column("clients", ARRAY(Text), nullable=False),
        Column("old", JSONB),
        Column("new", JSONB),
        Column("outcome", Text),
        Index("evidence_newest", "at", "event_id"),
        Index("evidence_of_client", "clients", postgresql_using="gin"),
        Index("evidence_of_who", "who", "at"),
    )


def _create_chain() -> None:
    """Every row of the audit trail and of evidence has a place in a chain of hashes, whoever adds it."""
    create_table(
        "chain_batches",
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("first_place", BigInteger, nullable=False),
        Column("last_place", BigInteger, nullable=False),
        Column("count", BigInteger, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("rows_hash", LargeBinary, nullable=False),
        Column("before", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("disposed_at", DateTime(timezone=True)),
    )
    create_table(
        "chain_places",
        Column("place", BigInteger, Identity(always=True), primary_key=True),
        Column("source", Text, nullable=False),
        Column("row_id", Uuid, nullable=False),
        Column("batch", BigInteger),
        Column("digest", LargeBinary),
        Index("chain_places_of_batch", "batch", "place"),
        Index("chain_places_waiting", "place", postgresql_where=text("batch IS NULL")),
    )
    op.execute(GIVE_A_PLACE)
    op.execute("REVOKE ALL ON FUNCTION portal.give_a_place() FROM PUBLIC")
    for table, key in (("audit", "action_id"), ("audit_ends", "action_id"), ("evidence", "event_id")):
        op.execute(HAS_A_PLACE.format(table=table, key=key))
    op.execute(TELL_CHANGE)
    op.execute("REVOKE ALL ON FUNCTION portal.tell_change() FROM PUBLIC")
    for table, key, told, left_out in TELLING:
        op.execute(TELLS_CHANGE.format(table=table, key=key, told=told, left_out=left_out))


def _create_unsent_forms() -> None:
    """What was typed in forms that could not be sent."""
    create_table(
        "unsent_forms",
        Column("unsent_id", Uuid, primary_key=True),
        Column("account_id", Uuid, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("content_key", SmallInteger, nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Index("unsent_forms_of_account", "account_id"),
        Index("unsent_forms_over", "over_at"),
    )


def _create_storage() -> None:
    """What the object store holds."""
    create_table(
        "storage",
        Column("owner", Text, primary_key=True),
        Column("held_bytes", BigInteger, nullable=False, server_default="0"),
        Column("held_files", BigInteger, nullable=False, server_default="0"),
        Column("most_bytes", BigInteger),
        Column("set_by", Text),
        Column("set_at", DateTime(timezone=True)),
    )
    create_table(
        "stored_objects",
        Column("key", Text, primary_key=True),
        Column("owner", Text, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("stored_at", DateTime(timezone=True), nullable=False),
        Column("held_by", Text),
        Column("held_at", DateTime(timezone=True)),
        Index("stored_objects_of_owner", "owner", "stored_at"),
        Index("stored_objects_asked", "held_at", "stored_at"),
    )
    create_table(
        "storage_sweeps",
        Column("swept_at", DateTime(timezone=True), primary_key=True),
        Column("removed_files", BigInteger, nullable=False),
        Column("removed_bytes", BigInteger, nullable=False),
        Column("counted_files", BigInteger, nullable=False),
        Column("missing_files", BigInteger, nullable=False),
    )


def _create_protection() -> None:
    """Exports of persons' data."""
    create_table(
        "subject_exports",
        Column("export_id", Uuid, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("reference", Text, nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("asked_role", Text, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", BigInteger, nullable=False, server_default="0"),
        Column("begun_at", DateTime(timezone=True)),
        Column("made_at", DateTime(timezone=True)),
        Column("size_bytes", BigInteger),
        Column("files", BigInteger),
        Column("rows", BigInteger),
        Column("failure", Text),
        Index("subject_exports_newest", "asked_at", "export_id"),
        Index("subject_exports_open", "asked_at", postgresql_where=text("state IN ('waiting', 'making')")),
    )


def _create_bulk() -> None:
    """What was done to many rows at once."""
    create_table(
        "bulk_actions",
        Column("bulk_id", Uuid, primary_key=True),
        Column("act", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("organisation_id", Uuid),
        Column("state", Text, nullable=False),
        Column("shown_at", DateTime(timezone=True), nullable=False),
        Column("back", Text, nullable=False),
        Column("is_cut", Boolean, nullable=False),
        Column("facts", JSONB, nullable=False),
        Column("began_at", DateTime(timezone=True)),
        Column("tried_at", DateTime(timezone=True)),
        Column("ended_at", DateTime(timezone=True)),
        Index("bulk_actions_newest", "began_at", "bulk_id"),
        Index("bulk_actions_shown", "shown_at", postgresql_where=text("state = 'shown'")),
    )
    create_table(
        "bulk_rows",
        Column("bulk_id", Uuid, primary_key=True),
        Column("ordinal", BigInteger, primary_key=True),
        Column("key", Text, nullable=False),
        Column("seen", Text, nullable=False),
        Column("about", Text, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("amount", Numeric),
        Column("outcome", Text),
        Column("why", Text, nullable=False),
    )


def _create_what_stays_here() -> None:
    """What random words in forms, addresses and cookies stand for."""
    create_table(
        "handles",
        Column("handle_hash", LargeBinary, primary_key=True),
        Column("holder", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("facts", JSONB, nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Index("handles_over", "over_at"),
        Index("handles_of_holder", "holder"),
    )
    create_table(
        "known_browsers",
        Column("mark_hash", LargeBinary, primary_key=True),
        Column("subject", Text, nullable=False),
        Column("over_at", DateTime(timezone=True), nullable=False),
        Index("known_browsers_of_subject", "subject"),
        Index("known_browsers_over", "over_at"),
    )
