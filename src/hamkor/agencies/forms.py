# SPDX-License-Identifier: Apache-2.0
"""What people type on the pages of the room: shape only, rights and rules are judged by the commands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from hamkor.agencies.models import LEVELS, Body, Invitation, User
from hamkor.agencies.queries import list_agencies
from hamkor.agencies.rules import ROLES
from hamkor.agencies.wording import said
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import N_

MISSING = {"required": said(N_("Fill this in."))}
NAME_ERRORS = {**MISSING, "max_length": said(N_("This is too long."))}


class AcceptForm(forms.Form):
    """Name and password of who accepts an invitation; no password when they will add a passkey."""

    name = forms.CharField(max_length=200, error_messages=NAME_ERRORS)
    password1 = forms.CharField(widget=forms.PasswordInput, strip=False, required=False)
    password2 = forms.CharField(widget=forms.PasswordInput, strip=False, required=False)

    def __init__(
        self, *values: Any, invitation: Invitation, with_passkey: bool = False, **named: Any
    ) -> None:
        self.invitation = invitation
        self.with_passkey = with_passkey and invitation.kind == "account"
        super().__init__(*values, **named)
        if invitation.kind == "password":
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """Judges the password as of the person who will have it."""
        values: dict[str, Any] = super().clean() or {}
        if self.with_passkey:
            return {**values, "password1": None}
        password = values.get("password1") or ""
        person = self.invitation.user or User(email=self.invitation.email, name=values.get("name") or "")
        try:
            validate_password(password, person)
        except forms.ValidationError as fault:
            self.add_error("password1", fault)
        if password != values.get("password2"):
            self.add_error("password2", said(N_("The two passwords differ.")))
        return values


class DetailsForm(forms.Form):
    """What a person says of themselves."""

    name = forms.CharField(max_length=200, error_messages=NAME_ERRORS)
    rank = forms.CharField(max_length=100, required=False, error_messages=NAME_ERRORS)
    position = forms.CharField(max_length=200, required=False, error_messages=NAME_ERRORS)
    phone = forms.RegexField(
        r"^[0-9+() -]{3,40}$",
        required=False,
        error_messages={"invalid": said(N_("Digits, spaces and + only."))},
    )
    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES])


class PersonForm(forms.Form):
    """What an administrator sets of a person."""

    body = forms.ModelChoiceField(Body.objects.all(), error_messages=MISSING)
    rank = forms.CharField(max_length=100, required=False, error_messages=NAME_ERRORS)
    position = forms.CharField(max_length=200, required=False, error_messages=NAME_ERRORS)


class InviteForm(forms.Form):
    """Who is invited by an administrator."""

    email = forms.EmailField(
        error_messages={**MISSING, "invalid": said(N_("Write an address such as name@example.uz."))}
    )
    name = forms.CharField(max_length=200, required=False, error_messages=NAME_ERRORS)
    rank = forms.CharField(max_length=100, required=False, error_messages=NAME_ERRORS)
    position = forms.CharField(max_length=200, required=False, error_messages=NAME_ERRORS)
    makes_administrator = forms.BooleanField(required=False)


class RoleForm(forms.Form):
    """A role and its time."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES], error_messages=MISSING)
    starts_at = forms.DateTimeField(
        required=False, error_messages={"invalid": said(N_("Write day and time."))}
    )
    ends_at = forms.DateTimeField(required=False, error_messages={"invalid": said(N_("Write day and time."))})


class GiveForm(RoleForm):
    """A role for somebody who has an account."""

    person = forms.UUIDField(error_messages=MISSING)


class RoleInviteForm(RoleForm, InviteForm):
    """A role for somebody who has none."""

    body = forms.ModelChoiceField(Body.objects.all(), error_messages=MISSING)


class BodyForm(forms.Form):
    """An organisation."""

    agency = forms.ChoiceField(choices=[(agency.code, agency.code) for agency in list_agencies()])
    level = forms.ChoiceField(choices=[(level, level) for level in LEVELS])
    parent = forms.ModelChoiceField(Body.objects.all(), required=False)
    name_uz = forms.CharField(max_length=200, required=False)
    name_ru = forms.CharField(max_length=200, required=False)
    name_en = forms.CharField(max_length=200, required=False)
    region = forms.CharField(max_length=40, required=False)

    def names(self) -> dict[str, str]:
        """Returns the names that were given, by language."""
        return {code: self.cleaned_data[f"name_{code}"] for code in ("uz", "ru", "en")}
