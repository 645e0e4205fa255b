"""What matching answers by RPC about care files: wiring only."""

from libs.common.rights import names as rights
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

    import_care = answer_by(imports_steps.receive_care, ImportCare, needs=(rights.CHANGE_CARE,))
    care_import = answer_by(imports_views.show_import, ImportId, needs=(rights.CHANGE_CARE,))
    check_care = answer_by(imports_steps.receive_to_check, ImportCare, needs=(rights.CHANGE_CARE,))
    care_check = answer_by(imports_views.show_check, ImportId, needs=(rights.CHANGE_CARE,))
    care_errors = answer_by(imports_views.list_errors, ImportErrors, needs=(rights.CHANGE_CARE,))
    care_imports = answer_by(imports_views.list_newest, NewestImports, needs=(rights.CHANGE_CARE,))
    confirm_care = answer_by(imports_checks.confirm, ConfirmImport, needs=(rights.CHANGE_CARE,))
    cancel_care = answer_by(imports_checks.cancel, ImportId, needs=(rights.CHANGE_CARE,))
    held_objects = answer_by(imports_held.find_held, ObjectKeys, needs=(rights.OPERATE,))
