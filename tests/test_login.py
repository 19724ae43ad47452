"""Passwords."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


@pytest.mark.parametrize("password", [
    "fourteen chars", "unbelievable", "edith-edith-edi", "Peacekeeping-2025", "peace operations",
    "UnitedNationsPeace", "password-editor-1", "1qaz2wsx3edc4rfv",
])  # fmt: skip
def test_short_common_and_local_passwords_are_refused(editor, password):
    with pytest.raises(ValidationError):
        validate_password(password, editor)


@pytest.mark.parametrize("password", [
    PASSWORD, "fifteen letters", "no digit no capital", "Füße über Straßen", "the treaty of westphalia", "x7#" * 30,
    "a mission to the far side of the moon",
])  # fmt: skip
def test_long_passwords_of_any_make_are_taken(editor, password):
    assert validate_password(password, editor) is None
