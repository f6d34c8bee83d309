# SPDX-License-Identifier: Apache-2.0
"""Profiles say where every number comes from, all answer the same question, and cost nothing to ask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest

from hamkor.crowd.rules import (
    building_codes,
    capacity,
    density,
    drones,
    flow,
    fruin,
    gost,
    hsg195,
    ingress,
    maurer,
    munich,
    nfpa,
    prediction,
    risk,
    sanitation,
    verification,
    weather,
)
from hamkor.crowd.rules.profiles import (
    DEFAULT_PROFILE,
    SURFACES,
    FlowProfile,
    UnknownProfileError,
    compare_profiles,
    flow_capacity_per_min,
    list_profiles,
    load_profile,
    required_width_m,
    usable_width_m,
)
from hamkor.crowd.rules.tables import Profile

PROFILE_IDS = [profile.id for profile in list_profiles()]
DESCRIPTION = {field.name for field in msgspec.structs.fields(Profile)}
EVIDENCE = ("read", "memory", "computed")


def every_profile() -> Iterator[Profile]:
    yield from list_profiles()
    yield from sanitation.services().toilets
    yield capacity.barrier_table()
    yield nfpa.nfpa_code()
    yield density.density_table()
    yield drones.drone_limits()
    yield fruin.fruin_table()
    yield gost.gost_table()
    yield hsg195.hsg195_data()
    yield ingress.entry_rates()
    yield maurer.maurer_data()
    yield risk.risk_table()
    yield verification.verification_data()
    yield weather.weather_limits()
    for group in (
        building_codes.building_codes(),
        flow.flow_models(),
        munich.munich_data(),
        prediction.medical_data(),
        sanitation.services(),
    ):
        members = (getattr(group, name) for name in group.__struct_fields__)
        yield from (member for member in members if isinstance(member, Profile))


def constants_of(profile: Profile) -> set[str]:
    """Names that hold a number: everything but descriptions, switches and values left at their default."""
    return {
        field.name
        for field in msgspec.structs.fields(profile)
        if field.name not in DESCRIPTION
        and not isinstance(getattr(profile, field.name), bool)
        and (field.required or getattr(profile, field.name) != field.default)
    }


@pytest.mark.parametrize("profile", list(every_profile()), ids=lambda profile: profile.id)
def test_every_constant_has_evidence_exactly_once(profile: Profile) -> None:
    named = [name for kind in EVIDENCE for name in getattr(profile, kind)]
    assert len(named) == len(set(named))
    assert set(named) == constants_of(profile)
    assert all((profile.title, profile.edition, profile.country, profile.source))


def test_profile_ids_are_unique() -> None:
    ids = [profile.id for profile in every_profile()]
    assert len(ids) == len(set(ids))


def test_default_profile_is_the_green_guide() -> None:
    assert load_profile().id == DEFAULT_PROFILE == PROFILE_IDS[0] == "green-guide-2018"
    assert load_profile() is load_profile("green-guide-2018")


def test_named_profiles_exist() -> None:
    wanted = {
        "green-guide-2018",
        "mvstaettvo-2014",
        "nfpa-101-2018",
        "gost-12-1-004-91",
        "sfpe-2016",
        "weidmann-1993",
        "fruin-1971",
    }
    assert wanted <= set(PROFILE_IDS)


def test_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(UnknownProfileError, match="green-guide-2018"):
        load_profile("green-guide-2033")


def test_evidence_of_unsettled_constants() -> None:
    guide = load_profile()
    assert guide.evidence_of("turnstile_rate_max_per_h") == "memory"
    assert guide.evidence_of("level_flow_per_m_min") == "read"
    assert load_profile("weidmann-1993").evidence_of("level_flow_per_m_min") == "computed"
    assert guide.evidence_of("nothing") is None
    assert "turnstile_rate_max_per_h" in guide.unsettled


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("profile_id", PROFILE_IDS)
def test_every_profile_answers_the_same_question(profile_id: str, surface: str) -> None:
    assert flow_capacity_per_min(0, surface, profile_id) == 0
    assert 50 < flow_capacity_per_min(2.4, surface, profile_id) < 500


def test_comparison_lists_all_with_the_default_first() -> None:
    answers = compare_profiles(2.4)
    assert [answer.profile_id for answer in answers] == PROFILE_IDS
    assert answers[0].flow_per_min == pytest.approx(2.4 * 82)
    assert {answer.profile_id for answer in answers if answer.is_criterion} == {
        "green-guide-2018",
        "mvstaettvo-2014",
        "mvstaettvo-2014-indoor",
        "nfpa-101-2018",
    }


def test_german_profile_counts_whole_steps_and_nothing_below_the_least_width() -> None:
    """MVStättVO section 7 (4): 0.60 m steps from 1.20 m; 0.90 m is enough for at most 200 people."""
    german = load_profile("mvstaettvo-2014")
    assert flow_capacity_per_min(1.19, "level", german) == 0
    assert flow_capacity_per_min(1.2, "level", german) == pytest.approx(100)
    assert flow_capacity_per_min(1.79, "level", german) == pytest.approx(100)
    assert flow_capacity_per_min(1.8, "level", german) == pytest.approx(150)
    assert flow_capacity_per_min(0.9, "level", german, persons=200) == pytest.approx(50)
    assert flow_capacity_per_min(0.9, "level", german, persons=201) == 0
    assert required_width_m(10, "level", german) == 1.2


def test_sfpe_profile_takes_off_the_side_layers() -> None:
    assert usable_width_m(1.2, "level", "sfpe-2016") == pytest.approx(0.8)
    assert usable_width_m(1.2, "stairs", "sfpe-2016") == pytest.approx(0.9)
    assert usable_width_m(0.3, "stairs", "sfpe-2016") == 0


def test_a_project_may_bring_its_own_profile() -> None:
    own: FlowProfile = msgspec.structs.replace(load_profile(), id="measured", level_flow_per_m_min=70)
    assert flow_capacity_per_min(2, "level", own) == 140


def test_asking_does_not_load_heavy_libraries() -> None:
    code = (
        "import sys, hamkor.crowd.rules.profiles as p; p.flow_capacity_per_min(2.4);"
        "print([m for m in ('numpy', 'shapely', 'pyproj') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and text
    assert run.stdout.strip() == "[]"
