# SPDX-License-Identifier: Apache-2.0
"""Rules: the defaults, those of a plan, what is refused, and trying one on the past."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.alarms.rules.alarms import SORTS, AlarmError, AlarmRule
from hamkor.alarms.rules.defaults import default_rule, default_rules
from hamkor.alarms.rules.evaluating import EVENT, Sample, context_of_plan, try_rule
from hamkor.alarms.rules.flooding import Flood
from hamkor.alarms.rules.planning import rules_of_plan
from hamkor.alarms.rules.profiles import UnknownAlarmProfileError, alarm_profile
from hamkor.alarms.rules.validating import require_rule
from hamkor.alarms.tests.builders import CONTEXT, NOW, PLAN, T0, rule
from hamkor.common.i18n import LANGUAGES
from hamkor.crowd.rules.density import density_table
from hamkor.events.rules import Event
from hamkor.plans.rules.plan import Plan

EMPTY = Plan(event=Event(format="hamkor-event-1", id="e", name="E", kind="fair"))


def of_plan(plan: Plan = PLAN) -> dict[str, AlarmRule]:
    return {each.id: each for each in rules_of_plan(plan)}


def test_every_sort_has_a_default_with_an_action_in_every_language() -> None:
    assert {default_rule(sort).sort for sort in SORTS} == set(SORTS)
    for each in default_rules():
        assert require_rule(each) == each
        assert isinstance(each.action, dict)
        assert set(each.action) == set(LANGUAGES)
    assert len({each.id for each in default_rules()}) == len(default_rules())


def test_the_limits_of_density_are_those_of_the_crowd_profile() -> None:
    table = density_table()
    tiers = {row.tier: row.from_per_m2 for row in table.tiers}
    rules = {each.id: each for each in default_rules()}
    assert rules["density-high"].limit == tiers["amber"] == 4
    assert rules["density-critical"].limit == tiers["red"] == 5
    assert (rules["density-rise"].limit, rules["density-rise"].window_s) == (1, 300)
    cluster = rules["cluster"]
    assert (cluster.limit, cluster.window_s, cluster.radius_m, cluster.priority) == (3, 1800, 100, 1)
    assert rules["words"].priority == rules["heartbeat"].priority == 2
    assert rules["fill-near"].limit == 0.9


def test_a_plan_brings_its_numbers() -> None:
    rules = of_plan()
    assert rules["fill-near"].places == ("pen", EVENT)
    assert (rules["fill-open"].places, rules["fill-open"].limit) == (("square",), 0.75)
    assert rules["fill-full"].places == ("pen", "square", "stand", EVENT)
    assert rules["balance"].places == ("pen", "square", EVENT)
    assert (rules["density-high:pen"].limit, rules["density-high:pen"].contingency) == (3, "c-crush")
    assert (rules["density-critical"].contingency, rules["density-critical"].agency) == ("c-crush", "mg")
    assert (rules["wind-stop"].limit, rules["wind-near"].limit) == (15, pytest.approx(0.8 * 12))
    assert (rules["wind-stop:roof"].limit, rules["wind-stop:roof"].action) == (18, "Lower the roof.")
    assert rules["wind-stop:tent-1"].places == ("tent-1", "tent-2")
    assert (rules["lightning"].limit, rules["lightning"].is_below, rules["heat"].limit) == (8, True, 38)
    assert (rules["sign-2:stop"].title, rules["sign-2:stop"].priority) == ("Fire", 1)
    assert rules["trigger:c-crush"].contingency == "c-crush"
    assert all(require_rule(each) == each for each in rules.values())


def test_without_a_plan_the_defaults_hold() -> None:
    assert rules_of_plan(EMPTY) == default_rules()


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UnknownAlarmProfileError) as caught:
        alarm_profile("loud")
    assert caught.value.code == "alarm-profile-unknown"
    assert "evening" in caught.value.message.in_english()


def test_the_venue_of_a_plan() -> None:
    context = context_of_plan(PLAN)
    assert context.capacities == {"pen": 1000, "square": 5000, "stand": 780, EVENT: 6000}
    assert (context.ways["gate"].gains, context.ways["gate"].loses) == (("square", EVENT), ())
    assert context.ways["exit"] == context.ways["gate"]
    assert (context.ways["door"].gains, context.ways["door"].loses) == (("pen",), ("square",))
    assert (context.kinds["camera"], context.covers["camera"]) == ("device", ("pen",))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": "  "}, "rule-untitled"),
        ({"action": None}, "rule-without-action"),
        ({"action": {"en": " "}}, "rule-without-action"),
        ({"title": "a" * 201}, "rule-too-long"),
        ({"limit": math.nan}, "rule-number-wrong"),
        ({"limit": math.inf}, "rule-number-wrong"),
        ({"hold_s": -1.0}, "rule-number-wrong"),
        ({"hold_s": 3601.0}, "rule-hold-long"),
        ({"measure": None}, "rule-measure-missing"),
        ({"measure": "count_in"}, "rule-measure-wrong"),
        ({"sort": "weather"}, "rule-measure-wrong"),
        ({"sort": "button"}, "rule-measure-wrong"),
        ({"limit": None}, "rule-limit-missing"),
        ({"sort": "rate"}, "rule-window-missing"),
        ({"sort": "rate", "window_s": 60.0, "limit": -1.0}, "rule-limit-missing"),
        ({"clear_at": 4.5}, "rule-hysteresis-wrong"),
        ({"is_below": True, "clear_at": 3.5}, "rule-hysteresis-wrong"),
        ({"sort": "zone_limit", "measure": None, "limit": 90.0}, "rule-share-wrong"),
        ({"sort": "balance", "measure": None, "window_s": 60.0}, "rule-share-wrong"),
        ({"sort": "cluster", "measure": None, "window_s": 60.0}, "rule-cluster-wrong"),
    ],
)
def test_rules_that_make_no_sense_are_refused(values: dict[str, Any], code: str) -> None:
    with pytest.raises(AlarmError) as caught:
        require_rule(rule(**values))
    assert caught.value.code == code
    assert caught.value.message.in_english()


def test_a_sort_brings_its_measure() -> None:
    kept = require_rule(rule(sort="button", measure=None, limit=None))
    assert (kept.measure, kept.limit) == ("button", 1.0)
    samples: list[Sample] = [("b", "button", None, value, T0) for value in (0.0, 1.0)]
    assert try_rule(rule(sort="button", measure=None, limit=None), samples).raised == 1
    assert require_rule(rule(sort="zone_limit", measure=None, limit=0.9)).measure == "occupancy"


def test_a_contingency_is_an_action() -> None:
    assert require_rule(rule(action=None, contingency="c-crush"))


@given(st.builds(AlarmRule, title=st.just("T"), action=st.just("A")))
def test_any_rule_is_judged_and_can_be_evaluated_when_it_makes_sense(given_rule: AlarmRule) -> None:
    samples: list[Sample] = [("d1", "density", "pen", 5.0, T0), ("d1", "gust", None, 5.0, T0 + 9)]
    with suppress(AlarmError):
        assert try_rule(given_rule, samples, context=CONTEXT).samples == 2


def test_a_trial_says_what_would_have_been_raised() -> None:
    samples: list[Sample] = [
        ("d1", "density", "pen", 5.0 if at % 600 < 60 else 1.0, T0 + at) for at in range(0, 7200, 10)
    ]
    trial = try_rule(rule(enabled=False), reversed(samples), context=CONTEXT)
    assert (trial.raised, trial.samples, len(trial.episodes)) == (12, 720, 12)
    assert trial.per_h == pytest.approx(6, abs=0.1)
    first = trial.episodes[0]
    assert first.cleared_at is not None
    assert (first.subject, (first.cleared_at - first.raised_at).total_seconds()) == ("pen", 60)
    assert (trial.most_in_10_min, trial.is_too_often) == (1, True)
    assert not try_rule(rule(limit=6.0), samples, context=CONTEXT).raised
    assert try_rule(rule(), []).from_at is None


def test_a_chattering_rule_is_too_often_even_in_a_short_time() -> None:
    samples: list[Sample] = [("d1", "density", "pen", 3.9 + at % 2 / 5, T0 + at) for at in range(100)]
    assert try_rule(rule(), samples, context=CONTEXT).is_too_often
    assert try_rule(rule(clear_at=3.5), samples, context=CONTEXT).raised == 1


def test_rules_over_documents_are_not_tried_on_readings() -> None:
    with pytest.raises(AlarmError) as caught:
        try_rule(default_rule("words"), [])
    assert caught.value.code == "rule-not-tried"


def test_a_flood_groups_low_alarms_late_high_ones_and_never_critical_ones() -> None:
    flood = Flood([], NOW)
    assert [flood.take(4, ["operators"]) for _ in range(12)] == [False] * 10 + [True] * 2
    assert flood.take(3, ["operators"])
    assert not flood.take(3, ["operators", "agency:tty"])
    assert not flood.take(2, ["operators"])
    assert [flood.take(1, ["operators"]) for _ in range(30)] == [False] * 30
    assert flood.take(2, ["operators"])


def test_rules_are_written_and_read_as_json() -> None:
    for each in rules_of_plan(PLAN):
        assert msgspec.json.decode(msgspec.json.encode(each), type=AlarmRule) == each
