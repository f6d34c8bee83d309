# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from itertools import product
from typing import get_args

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hamkor.agencies.queries import get_agency
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES, pick_name
from hamkor.events.rules import EventKind
from hamkor.hazards.queries import ROOM_DIR, get_hazard, list_expected_hazards, list_hazards
from hamkor.hazards.rules import HazardGroup, needs_named_owner, risk_band, worst_first
from hamkor.norms.queries import get_norm
from hamkor.norms.rules import EventTag

KINDS = get_args(get_args(EventKind)[0])
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
WRONG_UZBEK = re.compile(r"['`‘’´]|[oOgG]ʼ|[a-fh-npq-zA-FH-NP-Z]ʻ")
tag_sets = st.frozensets(st.sampled_from(get_args(EventTag)))


def test_json_twin_holds_the_same() -> None:
    twin = msgspec.json.decode((ROOM_DIR / "hazards.json").read_bytes())
    assert twin == yaml.safe_load((ROOM_DIR / "hazards.yaml").read_text(encoding="utf-8"))


def test_ids_are_unique_and_every_group_is_there() -> None:
    content = yaml.safe_load((ROOM_DIR / "hazards.yaml").read_text(encoding="utf-8"))
    ids = [item["id"] for item in content]
    assert len(ids) == len(set(ids)) == len(list_hazards())
    assert 45 <= len(ids) <= 60
    assert all(KEBAB.match(item) for item in ids)
    for group in get_args(HazardGroup):
        assert list_hazards(group=group)


def test_every_hazard_has_an_owner_controls_and_an_existing_source() -> None:
    for hazard in list_hazards():
        assert get_agency(hazard.owner).code not in ("all", "pub", "kom")
        assert len(hazard.controls) >= 2, hazard.id
        assert hazard.sources, hazard.id
        assert all(get_norm(norm_id).jurisdiction == "uz" for norm_id in hazard.norms)


def test_texts_exist_in_every_language_with_proper_uzbek_letters() -> None:
    for hazard in list_hazards():
        for text in (hazard.names, *hazard.controls):
            assert set(text) == {"uz", "ru", "en"}, hazard.id
            assert all(pick_name(text, language) for language in LANGUAGES)
            assert not WRONG_UZBEK.search(text["uz"]), text["uz"]
            assert not re.search("[а-яА-Я]", text["uz"] + text["en"]), hazard.id
            assert not re.search("[a-zA-Z]", text["ru"]), hazard.id


def test_unknown_hazard_is_refused() -> None:
    with pytest.raises(HamkorError) as refused:
        get_hazard("dragon")
    assert refused.value.code == "hazard-unknown"


@pytest.mark.parametrize(
    ("kind", "tags", "expected", "absent"),
    [
        ("street_festival", {"open-access", "standing"}, {"crowd-crush", "counterflow"}, {"building-fire"}),
        ("nightclub", {"indoors", "pyrotechnics"}, {"pyrotechnics-fire", "blocked-exits"}, {"thunderstorm"}),
        ("football", {"large", "paid", "outdoors"}, {"entry-surge", "thunderstorm"}, {"rival-clash"}),
        ("fair", {"outdoors"}, {"giveaway-rush", "ride-failure"}, {"crowd-crush"}),
        ("theatre", {"indoors", "seated"}, {"building-fire"}, {"crowd-crush", "heat"}),
    ],
)
def test_expected_hazards_follow_kind_and_tags(
    kind: str, tags: set[str], expected: set[str], absent: set[str]
) -> None:
    found = {hazard.id for hazard in list_expected_hazards(kind, tags)}
    assert expected <= found
    assert not absent & found


@given(st.sampled_from(KINDS), tag_sets, tag_sets)
def test_more_tags_never_take_a_hazard_away(kind: str, tags: frozenset[str], more: frozenset[str]) -> None:
    fewer = {hazard.id for hazard in list_expected_hazards(kind, tags)}
    assert fewer <= {hazard.id for hazard in list_expected_hazards(kind, tags | more)}


@given(st.sampled_from(KINDS), tag_sets)
def test_gravest_come_first(kind: str, tags: frozenset[str]) -> None:
    floors = [hazard.severity_floor for hazard in list_expected_hazards(kind, tags)]
    assert floors == sorted(floors, reverse=True)


def test_bands_of_the_matrix() -> None:
    """ISO 31000 process with a 5 x 5 matrix: 1-4 low, 5-9 medium, 10-16 high, 20-25 extreme."""
    bands = {(a, b): risk_band(a, b) for a, b in product(range(1, 6), repeat=2)}
    assert {a * b for (a, b), band in bands.items() if band == "low"} == {1, 2, 3, 4}
    assert {a * b for (a, b), band in bands.items() if band == "medium"} == {5, 6, 8, 9}
    assert {a * b for (a, b), band in bands.items() if band == "high"} == {10, 12, 15, 16}
    assert {a * b for (a, b), band in bands.items() if band == "extreme"} == {20, 25}
    assert all(needs_named_owner(impact) == (impact == 5) for impact in range(1, 6))


@given(st.integers(), st.integers())
def test_steps_outside_the_matrix_are_refused(likelihood: int, impact: int) -> None:
    if 1 <= likelihood <= 5 and 1 <= impact <= 5:
        assert risk_band(likelihood, impact)
        return
    with pytest.raises(HamkorError) as refused:
        risk_band(likelihood, impact)
    assert refused.value.code == "risk-step-unknown"


def test_the_worst_risk_comes_first_and_impact_breaks_ties() -> None:
    assert sorted([(4, 1), (1, 4), (2, 5), (5, 2)], key=worst_first) == [(2, 5), (5, 2), (1, 4), (4, 1)]
