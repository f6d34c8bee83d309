# SPDX-License-Identifier: Apache-2.0
"""Words prepared for messages as a form: what was typed becomes a template, which the room of orders then judges."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django.http import QueryDict

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import DEFAULT_LANGUAGE, LANGUAGES
from hamkor.common.messages import N_
from hamkor.common.records import Text
from hamkor.orders.rules import MessageTemplate
from hamkor.plans.rules.readiness import Contingency


class TemplateFormError(HamkorError):
    """Something typed into a template is not what the field takes."""


def template_of(posted: QueryDict, key: str) -> MessageTemplate:
    """Returns a template as it was typed.

    Args:
        posted: What was sent: ``title_uz``, ``text_ru`` and so on, one for each language.
        key: Id of the template.

    Raises:
        TemplateFormError: ``template-malformed``.
    """
    values: dict[str, Any] = {
        "id": key,
        "title": _typed(posted, "title"),
        "text": _typed(posted, "text"),
        "sort": posted.get("sort", ""),
        "urgency": posted.get("urgency", ""),
        "to": [_addressee(each) for each in posted.getlist("to")],
        "needs_read_back": "needs_read_back" in posted,
        "contingency": posted.get("contingency") or None,
    }
    try:
        return msgspec.convert(values, MessageTemplate)
    except msgspec.ValidationError as error:
        template = N_("The words cannot be kept so: {reason}.")
        raise TemplateFormError("template-malformed", template, reason=str(error)) from error


def template_from(contingency: Contingency, key: str) -> MessageTemplate:
    """Returns a template of what a contingency of the plan says to the public.

    Args:
        contingency: A contingency that has a message.
        key: Id of the new template.
    """
    return MessageTemplate(
        id=key,
        title=contingency.title,
        sort="information",
        urgency="immediate",
        text=contingency.message or "",
        contingency=contingency.id,
    )


def by_language(text: Text) -> dict[str, str]:
    """Returns a text by its languages, for one field each; one that names none is in the usual language."""
    given = cast("dict[str, str]", text) if isinstance(text, dict) else {DEFAULT_LANGUAGE: text}
    return {language: given.get(language, "") for language in LANGUAGES}


def _typed(posted: QueryDict, name: str) -> dict[str, str] | str:
    found = {language: posted.get(f"{name}_{language}", "").strip() for language in LANGUAGES}
    # Without words in any language it stays an empty text, which the command refuses with its own sentence.
    return {language: words for language, words in found.items() if words} or ""


def _addressee(value: str) -> dict[str, str]:
    kind, _, key = value.partition(" ")
    return {"kind": kind, "id": key}
