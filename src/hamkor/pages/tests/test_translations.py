# SPDX-License-Identifier: Apache-2.0
"""Django finds our catalogues, in every language, for our texts and for those of the libraries whose forms we show."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, SetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import translation

from hamkor.common.i18n import LANGUAGES, translate

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
NOT_OFFERED = re.compile("username|phone|max_email_addresses|select_only_one")
KEPT = {"JSON", "PIN", "URL", "UUID"}


class EveryField(forms.Form):
    """A form with a fault in each kind of field that pages use."""

    text = forms.CharField(max_length=3)
    required = forms.CharField()
    number = forms.IntegerField(max_value=10)
    share = forms.DecimalField(max_digits=3, decimal_places=1)
    day = forms.DateField()
    moment = forms.DateTimeField()
    clock = forms.TimeField()
    mail = forms.EmailField()
    choice = forms.ChoiceField(choices=[("a", "a")])
    several = forms.MultipleChoiceField(choices=[("a", "a")])
    uuid = forms.UUIDField()
    page = forms.URLField(assume_scheme="https")
    body = forms.JSONField()
    file = forms.FileField()


BAD = {
    "text": "1234", "number": "11", "share": "1234.25", "day": "1", "moment": "1", "clock": "x", "mail": "x",
    "choice": "7", "several": ["7"], "uuid": "7", "page": "7", "body": "{",
}  # fmt: skip


def shown_texts() -> Iterator[str]:
    """Yields what these forms and libraries would show in the active language."""
    faulty = EveryField(BAD)
    yield from (fault for faults in faulty.errors.values() for fault in faults)
    for form in (LoginForm({}), ResetPasswordForm({}), ChangePasswordForm(data={}), SetPasswordForm(data={})):
        yield from (str(field.label) for field in form.fields.values() if field.label)
        yield from (fault for faults in form.errors.values() for fault in faults)
    for fields in (AuthenticateForm.base_fields, AddWebAuthnForm.base_fields):
        yield from (str(field.label) for field in fields.values() if field.label)
        yield from (str(field.help_text) for field in fields.values() if field.help_text)
    faults_of_sign_in = get_adapter().error_messages
    yield from (str(text) for key, text in faults_of_sign_in.items() if not NOT_OFFERED.search(key))
    yield from map(str, password_validators_help_texts())


def in_english() -> set[str]:
    with translation.override("en"):
        return set(shown_texts())


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "ru"])
def test_forms_and_faults_of_libraries_are_not_english(language: str) -> None:
    english = in_english()
    with translation.override(language):
        shown = set(shown_texts())
    assert len(shown) > 40
    assert shown & english == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["uz-cyrl", "ru"])
def test_forms_and_faults_of_libraries_are_in_cyrillic_letters(language: str) -> None:
    with translation.override(language):
        shown = {
            text: set(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", text))) - KEPT for text in shown_texts()
        }
    assert {text: words for text, words in shown.items() if words} == {}


@pytest.mark.django_db
def test_uzbek_faults_are_written_with_uzbek_letters() -> None:
    with translation.override("uz"):
        assert [text for text in shown_texts() if re.search(r"\w['`´‘’]\w", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_programs_say_the_same(language: str) -> None:
    with translation.override(language.lower()):
        for text in ("Duty matrix", "Sign in", "Findings", "This field is required."):
            assert translation.gettext(text) == translate(text, language)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("uz", ["1 kun qoldi", "2 kun qoldi", "5 kun qoldi"]),
        ("uz-cyrl", ["1 кун қолди", "2 кун қолди", "5 кун қолди"]),
        ("ru", ["остался 1 день", "осталось 2 дня", "осталось 5 дней"]),
        ("en", ["1 day left", "2 days left", "5 days left"]),
    ],
)
def test_numbers_of_things_have_their_forms(language: str, wanted: list[str]) -> None:
    with translation.override(language):
        texts = [translation.ngettext("%(days)s day left", "%(days)s days left", days) for days in (1, 2, 5)]
    assert [text % {"days": days} for text, days in zip(texts, (1, 2, 5), strict=True)] == wanted
