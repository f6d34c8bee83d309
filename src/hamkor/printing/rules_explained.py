# SPDX-License-Identifier: Apache-2.0
"""One rule of the checker in the words of a language: what it says, why, when, what to do, what it rests on."""

from __future__ import annotations

from hamkor.checks.rules.registry import Rule
from hamkor.common.i18n import translate
from hamkor.common.messages import N_
from hamkor.printing.cards import source_text


def explain(rule: Rule, language: str) -> tuple[tuple[str, str], ...]:
    """Returns the parts of the explanation of a rule, each with its heading."""
    parts = (
        (N_("What it says"), with_gaps(rule.says, language)),
        (N_("Why"), translate(rule.why, language)),
        (N_("When red, when amber"), translate(rule.severity, language)),
        (N_("What to do"), with_gaps(rule.do, language)),
        (N_("Rests on"), "; ".join(source_text(source, language) for source in rule.sources)),
    )
    return tuple((translate(heading, language), text) for heading, text in parts)


def with_gaps(template: str, language: str) -> str:
    """Returns a sentence with its placeholders left open, shown as an ellipsis."""
    return translate(template, language).format_map(_Open())


class _Open(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
