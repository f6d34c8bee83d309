# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common.messages import Message
from hamkor.plans.rules.manning import unattended_of
from hamkor.plans.rules.plan import Plan
from hamkor.scenarios.rules.answers import Answer, gained_s, headline_of, pack, unpack
from hamkor.scenarios.rules.limits import TWO_CORES
from hamkor.scenarios.rules.options import (
    Options,
    OptionsError,
    Shut,
    base_of,
    judge_options,
    lane_of,
    scenario_of,
)
from hamkor.scenarios.rules.questions import (
    NothingToSimulateError,
    decode_question,
    encode_question,
    hash_of,
    links_of,
    question_of,
)
from hamkor.scenarios.tests.builders import answer, exactly, hall, locked
from hamkor.venues.rules.features import Device, Feature

DOORS = frozenset({"west-door", "east-door"})


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (Options(people=0), "scenario-people"),
        (Options(people=TWO_CORES.most_people + 1), "scenario-people"),
        (Options(runs=0), "scenario-runs"),
        (Options(runs=TWO_CORES.most_runs + 1), "scenario-runs"),
        (Options(method="micro", runs=TWO_CORES.most_micro_runs + 1), "scenario-runs"),
        (Options(seed=-1), "scenario-seed"),
        (Options(seed=2**31), "scenario-seed"),
        (Options(profile_id="mine"), "scenario-profile"),
        (Options(shut=(Shut(link="north-door"),)), "scenario-link-unknown"),
        (Options(shut=(Shut(link="west-door", after_min=1441),)), "scenario-time"),
        (Options(shut=(Shut(link="west-door"), Shut(link="west-door"))), "scenario-changes"),
        (Options(shut=tuple(Shut(link="west-door", after_min=at) for at in range(41))), "scenario-changes"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(options: Options, code: str) -> None:
    with pytest.raises(OptionsError) as refused:
        judge_options(options, DOORS)
    assert refused.value.code == code
    assert "{" not in refused.value.message.in_english()


def test_the_limits_themselves_can_be_asked() -> None:
    for options in (
        Options(people=TWO_CORES.most_people, runs=TWO_CORES.most_runs),
        Options(people=1, method="micro", runs=TWO_CORES.most_micro_runs, seed=2**31 - 1),
    ):
        assert judge_options(options, DOORS) == options


@given(st.permutations(["east-door", "west-door"]), st.integers(0, 30))
def test_the_same_question_has_one_spelling(order: list[str], after: int) -> None:
    judged = judge_options(Options(shut=tuple(Shut(link=link, after_min=after) for link in order)), DOORS)
    assert [each.link for each in judged.shut] == ["east-door", "west-door"]
    assert hash_of(question_of(hall(), judged)) == hash_of(
        question_of(hall(), judge_options(msgspec.structs.replace(judged, shut=judged.shut[::-1]), DOORS))
    )


def test_routing_means_nothing_for_guidance() -> None:
    judged = [
        judge_options(Options(method="guided", routing=routing), DOORS) for routing in ("nearest", "plan")
    ]
    assert judged[0] == judged[1]


def test_long_questions_wait_apart() -> None:
    assert lane_of(Options()) == lane_of(Options(method="guided")) == "quick"
    assert lane_of(Options(runs=TWO_CORES.quick_runs)) == "quick"
    assert lane_of(Options(runs=TWO_CORES.quick_runs + 1)) == lane_of(Options(method="micro")) == "heavy"


def test_an_answer_is_compared_with_the_plan_and_guidance_with_itself_unguided() -> None:
    shut = (Shut(link="west-door"),)
    asked = Options(direction="evacuate", shut=shut, people=900, routing="nearest", runs=30)
    assert base_of(asked) == Options(direction="evacuate", runs=30)
    guided = Options(method="guided", shut=shut, people=900)
    assert base_of(guided) == Options(method="network", shut=shut, people=900)
    assert base_of(Options(runs=5)) == Options(runs=5)


def test_minutes_become_seconds() -> None:
    scenario = scenario_of(Options(shut=(Shut(link="west-door", after_min=7, factor=0.5),)), "half")
    (change,) = scenario.changes
    assert (change.link, change.at_s, change.factor, scenario.name) == ("west-door", 420.0, 0.5, "half")


def test_a_question_is_read_back_as_it_was(navruz_plan: Plan) -> None:
    options = Options(shut=(Shut(link="gate-03"),))
    question = question_of(navruz_plan, judge_options(options, links_of(navruz_plan)))
    assert decode_question(encode_question(question)) == question


def test_the_hash_tells_what_matters_and_nothing_else() -> None:
    plan, options = hall(), Options()
    known = hash_of(question_of(plan, options))
    named = msgspec.structs.replace(plan, event=msgspec.structs.replace(plan.event, name="Another name"))
    assert hash_of(question_of(named, options)) == known
    assert plan.venue is not None
    camera = Feature(id="camera", geometry=None, properties=Device(device="camera"))
    watched = msgspec.structs.replace(
        plan, venue=msgspec.structs.replace(plan.venue, features=(*plan.venue.features, camera))
    )
    assert hash_of(question_of(watched, options)) == known
    others = (
        question_of(hall(people=601), options),
        question_of(plan, Options(seed=2)),
        question_of(plan, Options(direction="evacuate")),
        question_of(locked(plan, confirmed=0), options),
    )
    assert len({known, *(hash_of(each) for each in others)}) == 5


@pytest.mark.parametrize(("confirmed", "shut"), [(0, {"east-door"}), (2, set()), (None, set())])
def test_a_key_nobody_turns_is_known(confirmed: float | None, shut: set[str]) -> None:
    plan = locked(hall(), confirmed=confirmed)
    assert plan.venue is not None
    assert unattended_of(plan.venue.features, plan.posts) == shut


def test_a_plan_without_a_drawing_says_what_is_missing() -> None:
    plan = hall()
    assert plan.venue is not None
    only_area = msgspec.structs.replace(plan.venue, features=plan.venue.features[:1])
    for venue in (None, msgspec.structs.replace(plan.venue, features=()), only_area):
        with pytest.raises(NothingToSimulateError):
            question_of(msgspec.structs.replace(plan, venue=venue), Options())


def test_an_answer_is_kept_whole() -> None:
    kept = answer()
    assert unpack(pack(kept)) == kept
    assert unpack(pack(Answer())) == Answer()


def test_messages_inside_messages_are_read_back_as_messages() -> None:
    inner = Message("gate {number}", {"number": 3})
    outer = Message(
        "{gate} and {others}: {name}", {"gate": inner, "others": (inner,), "name": {"en": "Metro"}}
    )
    kept = Answer(refusal=outer)
    assert unpack(pack(kept)) == kept
    found = unpack(pack(kept)).refusal
    assert found is not None
    assert found.in_english() == "gate 3 and gate 3: Metro"


def test_a_damaged_answer_is_no_answer() -> None:
    content = pack(answer())
    with pytest.raises(zlib.error):
        unpack(content[:-9])
    with pytest.raises(zlib.error):
        unpack(content, most_bytes=100)
    with pytest.raises(msgspec.MsgspecError):
        unpack(zlib.compress(b"[1]"))


def test_the_headline_holds_both_cases() -> None:
    kept = answer(seconds=290.0, before=120.0)
    headline = headline_of(kept)
    assert headline.clearance_s["1.0"] == exactly(290.0)
    assert headline.base_s["1.0"] == exactly(120.0)
    assert (headline.fails, headline.worst_density_per_m2) == (1, 4.2)
    assert kept.outcome is not None
    assert gained_s(kept.outcome, kept.base, "1.0") == 170.0
    assert gained_s(kept.outcome, kept.base, "0.99") is None
    assert gained_s(kept.outcome, None, "1.0") is None
    assert headline_of(Answer()).clearance_s == {}
