# SPDX-License-Identifier: Apache-2.0
"""`hamkor explain`, `rules`, `profiles`, `duties`, `hazards`, `norms`: what the checker knows."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import click

from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import language_option
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import pick_name


@click.command("rules", help=spoken(N_("List all rules.")))
@language_option
def rules(*, language: str) -> None:
    """Lists every rule by family."""
    from hamkor.checks.queries import list_checked_rules
    from hamkor.checks.rules.registry import FAMILIES

    rows = [
        (item.id, say(item.title, language), say(FAMILIES[item.family], language))
        for item in list_checked_rules()
    ]
    _print_table(language, (N_("Rule"), N_("What it finds"), N_("Family")), rows)


@click.command("explain", help=spoken(N_("Explain one rule: what it looks at, why, and what to do.")))
@click.argument("rule_id", metavar="RULE")
@language_option
def explain(rule_id: str, *, language: str) -> None:
    """Explains one rule."""
    from hamkor.checks.queries import list_checked_rules
    from hamkor.checks.rules.registry import find_rule
    from hamkor.printing.rules_explained import explain as explain_rule

    found = find_rule(rule_id)
    if found is None:
        known = [item.id for item in list_checked_rules()]
        near = difflib.get_close_matches(rule_id.upper(), known, n=3, cutoff=0.4)
        raise HamkorError(
            "rule-unknown",
            N_("There is no rule “{rule}”. Near it: {near}. `hamkor rules` lists all."),
            rule=rule_id,
            near=near or known[:3],
        )
    _print_parts(f"{found.id} · {say(found.title, language)}", explain_rule(found, language))


@click.command("profiles", help=spoken(N_("List the flow profiles.")))
@language_option
def profiles(*, language: str) -> None:
    """Lists the flow profiles."""
    from hamkor.crowd.rules.profiles import list_profiles

    rows = [
        (
            item.id,
            f"{item.title}, {item.edition}",
            f"{item.level_flow_per_m_min:g} / {item.stairs_flow_per_m_min:g}",
        )
        for item in list_profiles()
    ]
    _print_table(
        language, (N_("Profile"), N_("Document"), N_("People per metre and minute, level / stairs")), rows
    )


@click.command("duties", help=spoken(N_("List the catalogue of duties.")))
@language_option
def duties(*, language: str) -> None:
    """Lists the duty catalogue."""
    from hamkor.norms.queries import list_duties

    rows = [
        (item.id, pick_name(item.title, language), ", ".join(item.usual_owners), item.phase)
        for item in list_duties()
    ]
    _print_table(language, (N_("Duty"), N_("What it is"), N_("Usual owners"), N_("Phase")), rows)


@click.command("hazards", help=spoken(N_("List the catalogue of hazards.")))
@language_option
def hazards(*, language: str) -> None:
    """Lists the hazard catalogue."""
    from hamkor.hazards.queries import list_hazards

    rows = [(item.id, pick_name(item.names, language), item.owner, item.group) for item in list_hazards()]
    _print_table(language, (N_("Hazard"), N_("What it is"), N_("Answers for it"), N_("Group")), rows)


@click.command("norms", help=spoken(N_("List the norms the checks rest on.")))
@language_option
def norms(*, language: str) -> None:
    """Lists the norms."""
    from hamkor.norms.queries import list_norms
    from hamkor.norms.rules import cite

    rows = [(item.id, cite(item, language), pick_name(item.duty, language)) for item in list_norms()]
    _print_table(language, (N_("Norm"), N_("Where it stands"), N_("What it asks")), rows)


def _print_table(language: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, head in enumerate(heads):
        table.add_column(say(head, language), no_wrap=index == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def _print_parts(title: str, parts: Sequence[tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False, markup=False)
    console.print(title, style="bold")
    for head, text in parts:
        console.print()
        console.print(head, style="dim")
        console.print(Padding(text, (0, 0, 0, 2)))


def register(app: click.Group) -> None:
    """Adds the commands."""
    for command in (explain, rules, profiles, duties, hazards, norms):
        app.add_command(command)
