# SPDX-License-Identifier: Apache-2.0
"""The page of the numbers that decide: what is assumed when a plan does not say, and every limit with its source."""

from __future__ import annotations

from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.ingress import entry_rates
from hamkor.crowd.rules.nfpa import nfpa_code
from hamkor.crowd.rules.profiles import FlowProfile, list_profiles, load_profile

HEAD = """# The numbers that decide

Generated from the profiles in `src/hamkor/crowd/profiles`; do not edit. *Not settled* marks constants known from memory that must
still be checked against the publication before anyone relies on them. Where no guide gives a number and we chose one, decision
[0007](decisions/0007-where-no-guide-gives-a-number-we-say-it-is-ours.md) says so.

## Flow

A width passes *metres times people per metre and minute*. `hamkor check --profile` chooses the row; the others are asked too, and a
finding says under which it holds. Only criteria may decide.

| profile | document | level | stairs | longest egress, min | emergency, min | standing, people/m² | criterion | not settled |
|---|---|---|---|---|---|---|---|---|
"""


def numbers_page() -> str:
    """Returns the page in Markdown."""
    return HEAD + "".join(map(_profile_row, list_profiles())) + _times() + _entry() + _densities()


def _profile_row(profile: FlowProfile) -> str:
    emergency = profile.emergency_time_range_min
    cells = (
        f"`{profile.id}`",
        f"{profile.title}, {profile.edition}",
        _shown(profile.level_flow_per_m_min),
        _shown(profile.stairs_flow_per_m_min),
        _shown(profile.max_egress_time_min),
        "" if emergency is None else f"{emergency[0]:g} to {emergency[1]:g}",
        _shown(profile.standing_density_max_per_m2),
        "yes" if profile.is_criterion else "",
        ", ".join(profile.unsettled),
    )
    return f"| {' | '.join(cells)} |\n"


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _times() -> str:
    green = load_profile()
    shortest, longest = green.emergency_time_range_min or (0, 0)
    return f"""
## Times to leave an area

| when | limit |
|---|---|
| normal egress | `egress_time_limit_min` of the area, never above {green.max_egress_time_min:g} min |
| emergency, `emergency_time_limit_min` stated | that, between {shortest:g} and {longest:g} min |
| emergency, `fire_risk: high` | {shortest:g} min; in a nightclub {nfpa_code().nightclub_time_max_min:g} min |
| emergency, fire risk not stated, lining unrated or flame indoors | as `fire_risk: high` |
| emergency, otherwise | {longest:g} min |

The largest exit is lost in an emergency. An exit that is `locked`, or needs a key and nobody is posted, counts as zero.
"""


def _entry() -> str:
    rates = entry_rates()
    rows = "".join(f"| `screening: {name}` | {rate:g} |\n" for name, rate in rates.rate_per_h.items())
    return f"""
## Entry

| lane | people an hour |
|---|---|
| turnstile without a search | {rates.turnstile_rate_per_h:g} |
{rows}| each lane with a `wand` | {rates.wand_loss_per_h:g} fewer |
| each lane with a `scanner` | {rates.scanner_loss_per_h:g} fewer |

A stated `rate_per_h` above the usual rate counts only with `rate_measured: true`. Without an arrival profile everyone must be able to
enter within {load_profile().fill_time_max_h:g} h. A queue stands at {rates.queue_density_per_m2:g} people per m².
"""


def _densities() -> str:
    table = density_table()
    return f"""
## Density

People who stand: at most {table.static_ceiling_per_m2:g} per m², or what the certificate allows if less. People who walk (`street`,
`concourse`, `queue`): {table.max_clearable_density_per_m2:g}. Two streams in less than {table.narrow_two_way_width_m:g} m lock.
Both ways together pass {load_profile().two_way_factor:g} of the one-way flow of a width.
"""
