"""The schema ``payments`` as it was first released."""

from libs.common.sql.migrating import create_messaging_tables, create_proposal_tables, show_to_organisation
from services.payments.schema.migrations.initial.invoices import create_invoices
from services.payments.schema.migrations.initial.items import create_charges, create_debts, create_items
from services.payments.schema.migrations.initial.periods import create_periods, create_runs, fill_run_limits
from services.payments.schema.migrations.initial.weeks import create_lists, create_weeks, fill_visit_types

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, say who sees their rows, and fill what the council may change."""
    create_messaging_tables("payments")
    create_proposal_tables("payments")
    create_lists()
    create_weeks()
    create_items()
    create_charges()
    create_periods()
    create_runs()
    create_debts()
    create_invoices()
    show_to_organisation("payments", "packages", "weeks", "week_holds", "claimed_stays", "set_apart")
    show_to_organisation(
        "payments", "items", "manual_adjustments", "moves", "moved_lines", "debts", "debt_items"
    )
    show_to_organisation("payments", "closed_sums", "period_answers")
    show_to_organisation(
        "payments", "invoices", "invoice_lines", "invoice_changes", "invoice_steps", "service_vat_rates"
    )
    fill_visit_types()
    fill_run_limits()
