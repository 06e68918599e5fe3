"""What allauth shows to people is German, says "Sie", and is compiled."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cms import catalogue


def test_catalogue_is_complete():
    output = StringIO()

    call_command("check_messages", stdout=output)

    assert "complete" in output.getvalue()


def test_catalogue_looks_at_forms_and_messages():
    texts = set(catalogue.used_texts())

    assert {"You have signed out.", "Authenticator code", "Remember Me", "Incorrect code."} <= texts


def test_missing_informal_and_uncompiled_texts_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogue, "used_texts", lambda: ["A new English text", "Please Confirm Your Email Address"])
    monkeypatch.setattr(catalogue, "COMPILED", tmp_path / "django.mo")

    with pytest.raises(CommandError) as failure:
        call_command("check_messages")

    assert str(failure.value).splitlines() == [
        "locale: django.mo is out of date",
        "not translated: A new English text",
        "not polite: Please Confirm Your Email Address -> Bitte bestätige deine E-Mail-Adresse",
    ]
