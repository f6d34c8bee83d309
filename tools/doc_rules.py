# SPDX-License-Identifier: Apache-2.0
"""Pages of the rules: one for each, and the list by family."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path

from doc_format import TEMPLATES_DIR, table
from doc_rule_keys import keys_read
from hamkor.checks.queries import list_checked_rules
from hamkor.checks.rules.families import noorg
from hamkor.checks.rules.registry import FAMILIES, Rule
from hamkor.folder.schemas import file_of
from hamkor.norms.queries import NormUnknownError, get_norm
from hamkor.norms.rules import cite
from hamkor.plans.rules.plan import PARTS

FILES = {part.name: file_of(part) for part in PARTS} | {"venue": "venue.geojson"}
NOORG_TESTS = Path(__file__).parent.parent / "src/hamkor/checks/tests/test_noorg.py"
INTRODUCTION = """# Rules

{count} rules in {families} families look at a plan. A finding has a severity:

| severity | meaning |
|---|---|
| **red** | must be mended before the event: a known fact breaks a safety limit or a binding norm |
| **amber** | needs an answer: it may be broken, or a vital question is open |
| **info** | good to know |

Where a figure is a range, red means that the limit is broken over the whole range, amber that it is broken in a part
of it. Where a flow profile enters (people per metre and minute), a finding also says under which profiles it holds.
What is unknown in an `extract` is never red. Rules know no event by name.

Which data each family needs is told in [the format](../format/README.md#what-makes-which-check-speak).
How to add a rule: [how-to-add-a-rule](../how-to-add-a-rule.md).
"""


def rule_pages() -> dict[str, str]:
    """Returns the pages below `docs/rules`, and the page that walks through one rule, by their names."""
    rules = list_checked_rules()
    texts = {f"rules/{rule.id}.md": _rule_page(rule) for rule in rules}
    return {**texts, "rules/README.md": _index(rules), "how-to-add-a-rule.md": _how_to()}


def _index(rules: tuple[Rule, ...]) -> str:
    named = {rule.family for rule in rules}
    pieces = [INTRODUCTION.format(count=len(rules), families=len(named)).rstrip()]
    for family, meaning in FAMILIES.items():
        rows = [
            (f"[{rule.id}]({rule.id}.md)", rule.title, rule.severity)
            for rule in rules
            if rule.family == family
        ]
        if rows:
            pieces += [f"## {family}", f"{meaning}.", table(("rule", "title", "severity"), rows)]
    return "\n\n".join(pieces) + "\n"


def _rule_page(rule: Rule) -> str:
    pieces = [
        f"# {rule.id}: {rule.title}",
        f"Family [{rule.family}](README.md#{rule.family.lower()}): {FAMILIES[rule.family]}.",
        f"**Looks for** {_looks_for(rule)}",
        f"**Severity** {rule.severity}",
        f"**It says**\n\n> {_as_quote(rule.says)}",
        f"**What to do**\n\n> {_as_quote(rule.do)}",
        f"**Why**\n\n{rule.why}",
        f"**Sources**\n\n{_sources(rule)}",
        f"**Keys it reads**\n\n{_keys(rule)}",
    ]
    if rule.unit:
        pieces.insert(4, f"**Unit** {rule.unit}")
    return "\n\n".join(pieces) + "\n"


def _looks_for(rule: Rule) -> str:
    said = (rule.check.__doc__ or "").strip().splitlines()[0]
    return re.sub(
        r"^Yields (an? finding (for|when) )?", lambda found: "when " if found[2] == "when" else "", said
    )


def _as_quote(template: str) -> str:
    """Returns a sentence with its placeholders as words between angle quotes."""
    return re.sub(r"\{(\w+)\}", r"`\1`", template)


def _sources(rule: Rule) -> str:
    return "\n".join(f"- {_source(source)}" for source in rule.sources)


def _source(source: str) -> str:
    try:
        norm = get_norm(source)
    except NormUnknownError:
        return source
    place = norm.source.url if norm.source.url.startswith("http") else ""
    cited = f"[{cite(norm, 'en')}]({place})" if place else cite(norm, "en")
    return f"{cited} (`{norm.id}`): {norm.duty['en']}"


def _keys(rule: Rule) -> str:
    found = keys_read(rule)
    rows = [
        f"- [`{FILES[part]}`](../format/{part}.md): {', '.join(f'`{key}`' for key in keys) or 'whether it is there'}"
        for part, keys in found.items()
    ]
    return "\n".join(rows) if rows else "All files."


def _how_to() -> str:
    text = (TEMPLATES_DIR / "how-to-add-a-rule.md").read_text(encoding="utf-8")
    code = inspect.getsource(noorg.no_organiser)
    decorator, _, function = code.partition("def no_organiser")
    whole = Path(noorg.__file__).read_text(encoding="utf-8")
    imports = whole[: whole.index("@rule(")].rstrip()
    parts = {
        "test": _first_test(),
        "imports": imports,
        "decorator": decorator.rstrip(),
        "function": "def no_organiser" + function.rstrip(),
    }
    for name, content in parts.items():
        text = text.replace("{{" + name + "}}", textwrap.dedent(content))
    return text


def _first_test() -> str:
    """Returns the first test of the rule, with its cases."""
    text = NOORG_TESTS.read_text(encoding="utf-8")
    return re.split(r"\n\n\n", text)[1].rstrip()
