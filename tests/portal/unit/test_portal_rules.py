"""The rules of accounts (RULES 14): passwords, codes, positions, locks."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.rights import table
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts.passwords import Passwords, is_common
from services.portal.accounts.rules import Count
from services.portal.accounts.vault import Sealed, Vault, VaultError, keys_from, new_key
from tests.support.portal.accounts import KEYS, NOON, QUICK

MINUTE = dt.timedelta(minutes=1)
CODES = st.from_regex(r"\A[0-9]{6}\Z")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Blue7Ket", "9 characters or more"),
        ("blue7kettle", "upper case"),
        ("BLUE7KETTLE", "lower case"),
        ("BlueyKettle", "digit"),
        ("Password1", "common"),
        ("PASSWORd1", "common"),
        ("Qwerty123", "common"),
        ("Liverpool1", "common"),
        ("Password2026", "common"),
        ("B7" + "k" * 127, "128 characters or fewer"),
    ],
)
def test_a_password_that_is_refused(password: str, fault: str) -> None:
    faults = accounts_rules.password_faults(password, is_common)
    assert len(faults) == 1
    assert fault in faults[0]


@pytest.mark.parametrize("password", ["Blue7Kettle", "Correct7Horse", "Été-à-la-9"])
def test_a_password_that_may_be_used(password: str) -> None:
    assert accounts_rules.password_faults(password, is_common) == []


def test_all_that_is_wrong_with_a_password_is_said_at_once() -> None:
    assert len(accounts_rules.password_faults("", is_common)) == 4


def test_a_password_made_of_what_is_known_about_its_holder_is_common() -> None:
    assert is_common("Willowbrook1", ("jo@willowbrook.example", "Willowbrook Care"))


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    passwords = Passwords(QUICK)
    assert passwords.is_right(passwords.hash("\u00c9t\u00e9 9 fois"), "E\u0301te\u0301 9 fois")


def test_nobody_has_the_password_of_the_account_that_does_not_exist() -> None:
    assert not Passwords(QUICK).is_right(None, "the password of an account that does not exist")


@pytest.mark.parametrize(
    "code",
    [
        "123456",
        "654321",
        "456789",
        "890123",
        "111111",
        "000000",
        "121212",
        "123123",
        "010190",
        "311299",
        "290200",
        "123190",
        "901231",
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        " 12345",
        "-12345",
        "12 345",
    ],
)
def test_a_code_that_is_refused(code: str) -> None:
    assert accounts_rules.code_fault(code) is not None


@pytest.mark.parametrize("code", ["482913", "271828", "990099", "325076", "100001", "135790"])
def test_a_code_that_may_be_used(code: str) -> None:
    assert accounts_rules.code_fault(code) is None


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%d%m%y", "%m%d%y", "%y%m%d"]))
def test_no_date_is_a_code(day: dt.date, written: str) -> None:
    if (day.month, day.day) != (2, 29) or day.year >= 2000:
        assert accounts_rules.code_fault(day.strftime(written)) is not None


def test_positions_are_two_different_ones_and_every_pair_is_as_likely() -> None:
    chance = random.Random(1)
    drawn = Counter(accounts_rules.chosen_positions(chance) for _ in range(15_000))
    assert len(drawn) == 15
    assert all(1 <= first < second <= 6 for first, second in drawn)
    assert all(850 < count < 1_150 for count in drawn.values())


@given(CODES, st.sampled_from(accounts_rules.PAIRS), st.text("0123456789", min_size=2, max_size=2))
def test_digits_are_right_exactly_when_both_are(code: str, positions: tuple[int, int], given_: str) -> None:
    expected = given_ == code[positions[0] - 1] + code[positions[1] - 1]
    assert accounts_rules.are_digits_right(code, positions, (given_[0], given_[1])) is expected


def test_what_is_pretended_stays_for_a_while_and_then_changes() -> None:
    changes = []
    for number in range(60):
        subject = accounts_rules.subject_of(f"nobody-{number}@nowhere.example")
        days = [
            accounts_rules.pretended_positions(b"s", subject, NOON + dt.timedelta(hours=h))
            for h in range(0, 24 * 60, 6)
        ]
        changes.append(sum(a != b for a, b in itertools.pairwise(days)))
    assert 1 <= sum(changes) / len(changes) <= 60  # not at every look
    assert sum(count > 0 for count in changes) > 50
    assert len(set(changes)) > 5  # not all at the same pace


@given(st.emails(), st.datetimes(dt.datetime(2021, 1, 1), dt.datetime(2090, 1, 1), timezones=st.just(dt.UTC)))
def test_what_is_pretended_is_the_same_at_the_same_moment_however_the_address_is_written(
    email: str, now: dt.datetime
) -> None:
    pretended = accounts_rules.pretended_positions(b"s", accounts_rules.subject_of(email), now)
    assert pretended in accounts_rules.PAIRS
    assert pretended == accounts_rules.pretended_positions(b"s", accounts_rules.subject_of(f" {email} "), now)


def test_five_failures_lock_for_fifteen_minutes_and_each_lock_lasts_twice_as_long() -> None:
    count, now, lasted = Count(), NOON, []
    for _ in range(4):
        for _ in range(5):
            assert not count.is_locked(now)
            count = count.with_failure(now)
        assert count.locked_until is not None
        lasted.append(count.locked_until - now)
        assert count.is_locked(count.locked_until - dt.timedelta(microseconds=1))
        now = count.locked_until
    assert lasted == [15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE]


@given(st.integers(0, 10**9))
def test_no_lock_is_so_long_that_a_date_overflows(locks: int) -> None:
    assert 15 * MINUTE <= accounts_rules.lock_length(locks) <= dt.timedelta(days=730)


@given(st.lists(st.integers(0, 20), max_size=80))
def test_of_any_tries_five_at_most_are_judged_between_two_locks(pauses: list[int]) -> None:
    count, now, judged = Count(), NOON, 0
    for pause in pauses:
        now += pause * MINUTE
        if count.is_locked(now):
            continue
        before, count = count, count.with_failure(now)
        judged = 1 if before.locked_until else judged + 1
        assert judged <= 5
        assert (count.locked_until is not None) == (judged == 5)
        assert count.locks - before.locks == (judged == 5)


@pytest.mark.parametrize(
    ("is_required", "must_change", "has_code", "has_totp", "duty"),
    [
        (False, True, False, False, "password"),
        (False, False, False, False, "code"),
        (False, False, True, False, None),
        (True, False, False, False, "code"),
        (True, False, True, False, "totp"),
        (True, False, True, True, None),
        (True, True, True, True, "password"),
    ],
)
def test_what_a_holder_must_do_first(
    is_required: bool, must_change: bool, has_code: bool, has_totp: bool, duty: str | None
) -> None:
    assert accounts_rules.next_duty(must_change, has_code, has_totp, is_app_required=is_required) == duty


@pytest.mark.parametrize(
    ("age", "idle", "is_over"),
    [(29, 29, False), (30, 30, True), (719, 1, False), (720, 0, True)],
)
def test_a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours(
    age: int, idle: int, is_over: bool
) -> None:
    assert accounts_rules.is_session_over(NOON - age * MINUTE, NOON - idle * MINUTE, NOON) is is_over


def test_a_role_belongs_to_a_provider_or_to_the_council() -> None:
    assert {table.side_of(role) for role in table.PROVIDER_ROLES} == {"provider"}
    assert {table.side_of(role) for role in table.COUNCIL_ROLES} == {"council"}
    with pytest.raises(ValueError, match="no role"):
        table.side_of("system")


@given(st.text(max_size=40), st.text(max_size=20))
def test_what_is_sealed_is_opened_for_whom_it_belongs_to_alone(text: str, owner: str) -> None:
    vault = Vault(KEYS)
    sealed = vault.seal(text, owner)
    assert vault.open(sealed, owner) == text
    with pytest.raises(VaultError):
        vault.open(sealed, owner + "x")


def test_a_version_of_a_key_can_not_be_swapped() -> None:
    same = {1: b"k" * 32, 2: b"k" * 32}
    sealed = Vault(same).seal("482913", "jo")
    assert sealed.key_version == 2
    with pytest.raises(VaultError):
        Vault(same).open(Sealed(sealed.content, 1), "jo")
    with pytest.raises(VaultError):
        Vault({1: b"k" * 32}).open(sealed, "jo")


def test_keys_are_read_and_what_is_wrong_with_them_is_said_without_them() -> None:
    first, second = new_key(), new_key()
    assert keys_from(f"1:{first}, 2:{second}") == {1: base64.b64decode(first), 2: base64.b64decode(second)}
    for wrong in ("", first, f"x:{first}", "1:c2hvcnQ=", "0:" + first, f"1:{first};2:{second}"):
        with pytest.raises(ValueError) as refused:
            keys_from(wrong)
        assert first not in str(refused.value)


@pytest.mark.parametrize(
    ("password", "looks"),
    [
        ("aB3cd-eF4gh-jK5mn-pQ6rs", True),
        ("aB3cd-eF4gh-jK5mn-pQ6r", True),
        ("aB3cd eF4gh jK5mn pQ6rss", True),
        ("aB3cdeF4gh-jK5mn-pQ6rs", True),
        ("aB3cdeF4ghjK5mnpQ6rs", False),
        ("dofxyz-Jezhy7-gihvag", False),  # as telephones propose them
        ("Blue7Kettle", False),
        ("correct-Horse-7-battery", False),
        ("", False),
    ],
)
def test_an_initial_password_is_known_by_its_shape_give_or_take_a_slip(password: str, looks: bool) -> None:
    assert accounts_rules.looks_given_out(password) is looks
