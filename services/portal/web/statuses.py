"""The one table from the codes of refusals to HTTP statuses, for pages and the API alike."""

STATUS_OF_CODE = {
    "not_found": 404,
    "not_a_period": 404,
    "wrong_state": 409,
    "already_discarded": 409,
    "check_again": 409,
    "in_flight": 409,
    "seen_another": 409,
    "changed_since": 409,
    "not_held": 409,
    "held_by_week": 409,
    "version_differs": 412,
    "version_wanted": 428,
    "not_signed_in": 401,
    "not_allowed": 403,
    "not_confirmed": 403,
    "not_in_scope": 403,
    "own_token": 403,
    "own_request": 403,
    "too_many_requests": 429,
    "bad_query": 400,
    "not_json": 400,
    "bad_key": 400,
    "too_large": 413,
    "wrong_type": 415,
    "internal": 500,
    "storage_full": 507,
    "too_many_files": 507,
    "unavailable": 503,
}
"""What is refused under any other code can't be processed as it is: 422."""


def status_of(code: str) -> int:
    """The HTTP status of a refusal with this code."""
    return STATUS_OF_CODE.get(code, 422)
