# SPDX-License-Identifier: Apache-2.0
"""Words of the plan in templates."""

from __future__ import annotations

from django import template

from hamkor.pages.languages import current_language
from hamkor.printing import shown, words
from hamkor.printing.cards import source_text

register = template.Library()


@register.filter
def word(value: str | None) -> str:
    """Returns the word for a value of the plan, such as a phase or a state."""
    return words.word(value, current_language())


@register.filter
def agency(code: str | None) -> str:
    """Returns the short name of an agency."""
    return shown.agency_name(code, current_language())


@register.filter
def agency_full(code: str | None) -> str:
    """Returns the full name of an agency."""
    return shown.agency_name(code, current_language(), full=True)


@register.filter
def part(name: str) -> str:
    """Returns the name of a part of the plan."""
    return words.part_word(name, current_language())


@register.filter
def citation(norm: str) -> str:
    """Returns a norm as it is cited."""
    return source_text(norm, current_language())
