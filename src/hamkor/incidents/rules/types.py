# SPDX-License-Identifier: Apache-2.0
"""Types of incidents: how urgent they are, who leads, what is asked, which contingencies of a plan answer them.

Source: Ours (decision 0007), after the questions of emergency call takers: where, what, how many, which danger.
"""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from typing import Literal, get_args

import msgspec

from hamkor.agencies.rules import AgencyCode
from hamkor.common.messages import N_

IncidentCode = Literal[
    "crowd_pressure",
    "fall",
    "medical",
    "fire",
    "smoke",
    "pyrotechnics",
    "fight",
    "weapon",
    "suspicious_item",
    "lost_child",
    "missing_person",
    "gate_blocked",
    "structure",
    "weather",
    "power",
    "traffic",
    "communications",
    "lost_property",
    "complaint",
    "other",
]
Priority = Literal[1, 2, 3, 4]
INCIDENT_CODES: tuple[IncidentCode, ...] = get_args(IncidentCode)
# Of a report that does not say yet what it is.
PRIORITY_UNTYPED: Priority = 3


class Prompt(msgspec.Struct, frozen=True):
    """A question to whoever reports.

    Args:
        key: Name under which the answer is kept.
        question: The question in English, translated where it is shown.
        is_needed: True when the incident is not fully known without the answer.
    """

    key: str
    question: str
    is_needed: bool = False


class IncidentType(msgspec.Struct, frozen=True, kw_only=True):
    """What a type of incident brings with it.

    Args:
        code: Its code.
        name: Its name in English, translated where it is shown.
        priority: How urgent it is unless somebody says otherwise; 1 is critical.
        agency: Party that leads unless somebody says otherwise.
        prompts: What is asked.
        hazards: Hazards of the catalogue; contingencies of the plan that answer one of them are proposed.
        capabilities: What units are needed for it at least.
    """

    code: IncidentCode
    name: str
    priority: Priority
    agency: AgencyCode
    prompts: tuple[Prompt, ...] = ()
    hazards: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()


_HURT = Prompt("hurt", N_("Is anybody hurt? How many?"), is_needed=True)
_PEOPLE = Prompt("people", N_("How many people are involved?"))
_DANGER = Prompt("danger", N_("What could make it worse?"))
_AGE = Prompt("age", N_("About how old?"), is_needed=True)
_CLOTHES = Prompt("clothes", N_("What do they wear?"), is_needed=True)
_LAST_SEEN = Prompt("last_seen", N_("Where and when were they last seen?"), is_needed=True)
_WAY_IN = Prompt("access", N_("Which way can a vehicle come in?"))
_BURNS = Prompt("burns", N_("What is burning?"), is_needed=True)
_INSIDE = Prompt("inside", N_("Is anybody inside or above it?"), is_needed=True)

_TYPES = (
    IncidentType(
        code="crowd_pressure",
        name=N_("Pressure in the crowd"),
        priority=1,
        agency="iib",
        prompts=(
            Prompt("can_move", N_("Can people still move by their own will?"), is_needed=True),
            Prompt("signs", N_("Waves, cries, people lifted out?"), is_needed=True),
            _HURT,
            Prompt("way_out", N_("Which way out is free?")),
        ),
        hazards=(
            "crowd-crush",
            "stage-front-pressure",
            "entry-surge",
            "counterflow",
            "blocked-exits",
            "panic-rush",
        ),
        capabilities=("crowd", "medic"),
    ),
    IncidentType(
        code="fall",
        name=N_("Fall of people"),
        priority=2,
        agency="tty",
        prompts=(_HURT, Prompt("blocks", N_("Does it block a way people need?"), is_needed=True)),
        hazards=("stair-fall", "crowd-crush"),
        capabilities=("medic",),
    ),
    IncidentType(
        code="medical",
        name=N_("Medical case"),
        priority=2,
        agency="tty",
        prompts=(
            Prompt("conscious", N_("Is the person awake and answering?"), is_needed=True),
            Prompt("breathing", N_("Is the person breathing normally?"), is_needed=True),
            Prompt("patients", N_("How many patients?")),
            _WAY_IN,
        ),
        hazards=("sudden-illness", "heat", "cold", "drug-harm", "food-poisoning", "alcohol-intoxication"),
        capabilities=("medic",),
    ),
    IncidentType(
        code="fire",
        name=N_("Fire"),
        priority=1,
        agency="fvv",
        prompts=(_BURNS, _INSIDE, _HURT, _WAY_IN),
        hazards=("building-fire", "pyrotechnics-fire", "kitchen-fire", "vegetation-fire"),
        capabilities=("fire", "medic"),
    ),
    IncidentType(
        code="smoke",
        name=N_("Smoke or smell of burning"),
        priority=2,
        agency="fvv",
        prompts=(
            Prompt("from", N_("Where does it come from?"), is_needed=True),
            Prompt("smell", N_("Smell of gas or chemicals?"), is_needed=True),
        ),
        hazards=("building-fire", "gas-leak", "chemical-release"),
        capabilities=("fire",),
    ),
    IncidentType(
        code="pyrotechnics",
        name=N_("Flares or fireworks among people"),
        priority=2,
        agency="iib",
        prompts=(Prompt("burning", N_("Is it still burning?"), is_needed=True), _HURT),
        hazards=("smuggled-flares", "pyrotechnics-fire"),
        capabilities=("patrol", "fire"),
    ),
    IncidentType(
        code="fight",
        name=N_("Fight"),
        priority=2,
        agency="iib",
        prompts=(
            Prompt("people", N_("How many people are involved?"), is_needed=True),
            Prompt("weapons", N_("Any weapon seen?"), is_needed=True),
            _HURT,
        ),
        hazards=("rival-clash", "disorder", "mass-disorder"),
        capabilities=("patrol",),
    ),
    IncidentType(
        code="weapon",
        name=N_("Person with a weapon"),
        priority=1,
        agency="iib",
        prompts=(
            Prompt("weapon", N_("Which weapon?"), is_needed=True),
            Prompt("looks", N_("What does the person look like, and where are they going?"), is_needed=True),
            _HURT,
        ),
        hazards=("armed-attack", "attack-on-protected-person"),
        capabilities=("patrol",),
    ),
    IncidentType(
        code="suspicious_item",
        name=N_("Suspicious item"),
        priority=2,
        agency="iib",
        prompts=(
            Prompt("looks", N_("What does it look like?"), is_needed=True),
            Prompt("since", N_("Since when, and who left it?")),
            Prompt("near", N_("How near are people?"), is_needed=True),
        ),
        hazards=("explosive-device", "chemical-release"),
        capabilities=("patrol", "dog"),
    ),
    IncidentType(
        code="lost_child",
        name=N_("Lost child"),
        priority=2,
        agency="iib",
        prompts=(_AGE, _CLOTHES, _LAST_SEEN, Prompt("guardian", N_("Where does the guardian wait?"))),
        hazards=("lost-child",),
        capabilities=("search",),
    ),
    IncidentType(
        code="missing_person",
        name=N_("Missing person"),
        priority=3,
        agency="iib",
        prompts=(_AGE, _CLOTHES, _LAST_SEEN, Prompt("needs", N_("Illness, or a need for help?"))),
        hazards=("lost-child",),
        capabilities=("search",),
    ),
    IncidentType(
        code="gate_blocked",
        name=N_("Gate or way blocked"),
        priority=2,
        agency="org",
        prompts=(
            Prompt("by", N_("What blocks it?"), is_needed=True),
            Prompt("waiting", N_("How many people wait, and do they push?"), is_needed=True),
        ),
        hazards=(
            "entry-surge",
            "blocked-exits",
            "crowd-at-approaches",
            "gate-crashing",
            "blocked-emergency-access",
        ),
        capabilities=("crowd",),
    ),
    IncidentType(
        code="structure",
        name=N_("Damage to a structure"),
        priority=1,
        agency="fvv",
        prompts=(_INSIDE, Prompt("damage", N_("What is broken or moving?"), is_needed=True), _HURT),
        hazards=("structure-collapse", "stand-or-barrier-failure", "ride-failure"),
        capabilities=("rescue", "technical"),
    ),
    IncidentType(
        code="weather",
        name=N_("Dangerous weather"),
        priority=2,
        agency="fvv",
        prompts=(Prompt("seen", N_("What was seen or measured?"), is_needed=True), _DANGER),
        hazards=("thunderstorm", "strong-wind", "heavy-rain", "dust-storm", "mudflow", "heat", "cold"),
    ),
    IncidentType(
        code="power",
        name=N_("Power or lights out"),
        priority=2,
        agency="obj",
        prompts=(Prompt("dark", N_("Which places are dark?"), is_needed=True), _DANGER),
        hazards=("power-failure", "electric-shock"),
        capabilities=("technical",),
    ),
    IncidentType(
        code="traffic",
        name=N_("Traffic or road accident"),
        priority=3,
        agency="yhx",
        prompts=(_HURT, Prompt("blocks", N_("Does it block a way people need?"), is_needed=True)),
        hazards=("road-accident", "vehicle-into-spectators", "vehicle-attack", "transport-overload"),
        capabilities=("traffic",),
    ),
    IncidentType(
        code="communications",
        name=N_("Communications lost"),
        priority=2,
        agency="obj",
        prompts=(Prompt("which", N_("Which channel or line?"), is_needed=True), _DANGER),
        hazards=("communications-loss", "public-address-failure", "cyber-attack"),
        capabilities=("technical",),
    ),
    IncidentType(
        code="lost_property",
        name=N_("Lost property"),
        priority=4,
        agency="org",
        prompts=(Prompt("item", N_("What was lost or found?"), is_needed=True),),
    ),
    IncidentType(
        code="complaint",
        name=N_("Complaint"),
        priority=4,
        agency="org",
        prompts=(Prompt("about", N_("What is it about?"), is_needed=True),),
    ),
    IncidentType(
        code="other", name=N_("Something else"), priority=3, agency="iib", prompts=(_PEOPLE, _DANGER)
    ),
)
INCIDENT_TYPES: dict[IncidentCode, IncidentType] = {item.code: item for item in _TYPES}


def type_of(code: str | None) -> IncidentType | None:
    """Returns what a type brings with it, or None when nobody has said yet what it is."""
    return None if code is None else INCIDENT_TYPES.get(code)  # type: ignore[call-overload]  # any text


def needed_facts(code: str | None) -> tuple[str, ...]:
    """Returns the keys of the answers without which an incident of the type is not fully known."""
    found = type_of(code)
    return () if found is None else tuple(prompt.key for prompt in found.prompts if prompt.is_needed)
