"""What matching answers by RPC about care files: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import ObjectKeys
from services.matching.imports import checks as imports_checks
from services.matching.imports import held as imports_held
from services.matching.imports import steps as imports_steps
from services.matching.imports import views as imports_views
from services.matching.imports.schemas import ConfirmImport, ImportCare, ImportErrors, ImportId, NewestImports


class ImportAnswers:
    """Care files: imported, or checked, looked at, then confirmed or cancelled."""

    db: Database

    import_care = answer_by(imports_steps.receive_care, ImportCare)
    care_import = answer_by(imports_views.show_import, ImportId)
    check_care = answer_by(imports_steps.receive_to_check, ImportCare)
    care_check = answer_by(imports_views.show_check, ImportId)
    care_errors = answer_by(imports_views.list_errors, ImportErrors)
    care_imports = answer_by(imports_views.list_newest, NewestImports)
    confirm_care = answer_by(imports_checks.confirm, ConfirmImport)
    cancel_care = answer_by(imports_checks.cancel, ImportId)
    held_objects = answer_by(imports_held.find_held, ObjectKeys)
