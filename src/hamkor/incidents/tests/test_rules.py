# SPDX-License-Identifier: Apache-2.0
"""The catalogue, states, families, changes and nearness of incidents."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.hazards.queries import list_hazards
from hamkor.incidents.rules import (
    INCIDENT_CODES,
    INCIDENT_TYPES,
    STATES,
    TRANSITIONS,
    Affected,
    Incident,
    IncidentError,
    IncidentFields,
    LinkedReport,
    missing_facts,
    resolved_id,
    shown_number,
    type_of,
)
from hamkor.incidents.rules.changing import (
    changed,
    clean_fields,
    differing,
    read_fields,
)
from hamkor.incidents.rules.changing import (
    given as fields_given,
)
from hamkor.incidents.rules.families import ancestors_of, require_mergeable, require_parent
from hamkor.incidents.rules.merging import merged
from hamkor.incidents.rules.nearness import find_possible_duplicates, list_near, three_calls
from hamkor.incidents.rules.progress import lacks_to_close, moments_after
from hamkor.incidents.tests.builders import EAST, MINUTE, NORTH, NOW, at_point
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place

EMPTY = Documents()
AGENCIES = st.sampled_from(["iib", "tty", "fvv", "mg", "org"])


def an_incident(number: int = 1, **values: Any) -> Incident:
    given_values: dict[str, Any] = {
        "id": f"i{number}",
        "number": number,
        "state": "reported",
        "priority": 3,
        "source": "phone",
        "reported_at": NOW,
        "reported_by": "person:operator",
        "agency": "iib",
        **values,
    }
    return Incident(**given_values)


def test_the_catalogue_is_whole() -> None:
    assert tuple(INCIDENT_TYPES) == INCIDENT_CODES
    hazards = {hazard.id for hazard in list_hazards()}
    for found in INCIDENT_TYPES.values():
        assert set(found.hazards) <= hazards, found.code
        keys = [prompt.key for prompt in found.prompts]
        assert len(keys) == len(set(keys))
        assert found.prompts
    assert type_of("nothing") is None
    assert sum(found.priority == 1 for found in INCIDENT_TYPES.values()) <= 4


def test_a_number_is_shown_as_people_say_it() -> None:
    assert [shown_number(number) for number in (7, 147, 12345)] == ["H-0007", "H-0147", "H-12345"]


def test_every_state_leads_somewhere_but_the_last_ones() -> None:
    assert set(TRANSITIONS) == set(STATES)
    for state, following in TRANSITIONS.items():
        assert bool(following) == (state not in ("merged", "struck"))
        assert not following & {"reported", "merged", "struck"}


def test_a_state_gone_back_to_forgets_what_came_after() -> None:
    found = an_incident(moments={"reported": NOW, "assessed": NOW, "on_scene": NOW, "closed": NOW})
    later = NOW + MINUTE
    assert moments_after(found, "assessed", later) == {"reported": NOW, "assessed": later}


def test_what_is_missing_is_the_type_the_place_and_needed_answers() -> None:
    assert missing_facts(an_incident()) == ("type", "place")
    medical = an_incident(type="medical", place=at_point(), known={"breathing": "yes"})
    assert missing_facts(medical) == ("conscious",)


def test_what_is_missing_to_close() -> None:
    nothing_known = lacks_to_close(an_incident(units=("u",)), outcome=None, open_children=1, missing=None)
    assert nothing_known == ("type", "outcome", "units", "children")
    assert lacks_to_close(an_incident(type="fall"), outcome="Done.", open_children=0, missing=None) == ()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_parents_never_run_in_circles(pairs: list[tuple[int, int]]) -> None:
    incidents = {f"i{number}": an_incident(number) for number in range(10)}
    for child, parent in pairs:
        with contextlib.suppress(IncidentError):
            require_parent(incidents, f"i{parent}", child=f"i{child}")
            incidents[f"i{child}"] = msgspec.structs.replace(incidents[f"i{child}"], parent=f"i{parent}")
    for incident_id in incidents:
        line = ancestors_of(incidents, incident_id)
        assert incidents[line[-1]].parent is None


def test_a_larger_incident_is_not_merged_into_what_belongs_to_it() -> None:
    large, small = an_incident(1), an_incident(2, parent="i1")
    incidents = {"i1": large, "i2": small}
    require_mergeable(incidents, into=large, taken=small)
    with pytest.raises(HamkorError, match="merge-upwards"):
        require_mergeable(incidents, into=small, taken=large)
    with pytest.raises(HamkorError, match="merge-same"):
        require_mergeable(incidents, into=small, taken=small)


def test_a_merge_keeps_the_worse_of_both_and_both_numbers() -> None:
    into = an_incident(1, priority=3, affected=Affected(injured=2), known={"a": "1"}, units=("u",))
    taken = an_incident(
        2,
        type="fall",
        priority=1,
        text="Two fell.",
        agency="tty",
        supporting=("iib", "mg"),
        affected=Affected(injured=1, missing=1),
        known={"a": "2", "b": "3"},
        units=("v",),
        state="on_scene",
        merged_numbers=(9,),
        merged=("i9",),
    )
    found = merged(into, taken)
    assert (found.number, found.type, found.priority, found.state) == (1, "fall", 1, "on_scene")
    assert found.affected == Affected(injured=2, missing=1)
    assert found.known == {"a": "1", "b": "3"}
    assert found.supporting == ("tty", "mg")
    assert (found.units, found.merged, found.merged_numbers) == (("u", "v"), ("i2", "i9"), (2, 9))
    assert [(report.number, report.text) for report in found.reports] == [(2, "Two fell.")]


def test_what_was_merged_leads_to_what_stands() -> None:
    incidents = {
        "i1": an_incident(1, state="merged", merged_into="i2"),
        "i2": an_incident(2, state="merged", merged_into="i3"),
        "i3": an_incident(3),
    }
    assert {resolved_id(incidents, each) for each in incidents} == {"i3"}
    assert resolved_id(incidents, "nothing") == "nothing"


WORDS = st.text("ab \n\x1b\u202eў", max_size=6)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": WORDS,
        "text": WORDS,
        "type": st.sampled_from([None, "fall", "medical", "fire"]),
        "priority": st.integers(1, 4),
        "supporting": st.lists(AGENCIES, max_size=3),
        "supporting_added": st.lists(AGENCIES, max_size=2),
        "supporting_removed": st.lists(AGENCIES, max_size=2),
        "affected": st.fixed_dictionaries(
            {}, optional={"injured": st.integers(0, 9), "dead": st.integers(0, 9)}
        ),
        "known": st.dictionaries(st.sampled_from(["a", "b", "c"]), st.none() | WORDS, max_size=3),
    },
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS, FIELDS)
def test_a_change_holds_only_what_differs(first: dict[str, Any], second: dict[str, Any]) -> None:
    found = an_incident()
    for values in (first, second):
        asked = clean_fields(read_fields(values, IncidentFields))
        differs = differing(found, asked)
        found = changed(found, differs, at=NOW, by="person:operator")
        assert not fields_given(differing(found, msgspec.structs.replace(asked, supporting=msgspec.UNSET)))
        assert len(set(found.supporting)) == len(found.supporting)
        assert None not in found.known.values()


@pytest.mark.parametrize(
    "fields",
    [
        {"nothing": 1},
        {"priority": 5},
        {"priority": "1"},
        {"type": "earthquake"},
        {"affected": {"injured": -1}},
        {"affected": {"injured": 10**30}},
        {"affected": {"names": "A"}},
        {"known": {"Not A Key": "x"}},
        {"known": [1]},
        {"supporting": ["nobody"]},
        {"place": {"point": [500, 0]}},
        {"place": {"feature": "../x"}},
        {"text": "x" * 9000},
        {"id": "other"},
        {"number": 3},
        {1: 2},
    ],
)
def test_strange_fields_are_refused(fields: Any) -> None:
    with pytest.raises(HamkorError, match="field-malformed"):
        read_fields(fields, IncidentFields)


def test_nobody_owns_what_all_own() -> None:
    for code in ("all", "pub"):
        with pytest.raises(HamkorError, match="agency-nobody"):
            clean_fields(IncidentFields(agency=code))


def test_reports_near_each_other_are_counted_by_place_and_time() -> None:
    near = three_calls()
    assert (near.cluster, near.radius_m, near.window) == (3, 100.0, timedelta(minutes=30))
    here = an_incident(1, place=at_point(), reports=(a_report(2),))
    incidents = (
        here,
        an_incident(2, place=at_point(90), reported_at=NOW - 29 * MINUTE),
        an_incident(3, place=at_point(120)),
        an_incident(4, place=at_point(), reported_at=NOW - 31 * MINUTE),
        an_incident(5, place=at_point(), state="struck"),
        an_incident(6, place=at_point(), state="merged"),
        an_incident(7, place=at_point(), type="lost_property"),
        an_incident(8, place=Place(words="by the tree")),
        an_incident(9, place=at_point(), reported_at=NOW + MINUTE),
    )
    found = list_near(EMPTY, incidents, place=at_point(), at=NOW)
    assert [item.number for item in found] == [2, 1, 1]
    assert list_near(EMPTY, incidents, place=None, at=NOW) == ()


def a_report(minutes: int) -> LinkedReport:
    at = NOW - minutes * MINUTE
    return LinkedReport(id=f"r{minutes}", at=at, by="person:operator", source="phone")


def test_possible_duplicates_are_told_the_likeliest_first() -> None:
    incidents = (
        an_incident(1, type="fall", place=at_point(10)),
        an_incident(2, type="fire", place=at_point(10)),
        an_incident(
            3, type="fall", place=at_point(5000), card_112="112 / 47-11", reported_at=NOW - 90 * MINUTE
        ),
        an_incident(4, type="crowd_pressure", place=at_point(50)),
        an_incident(5, type="fall", state="struck", place=at_point()),
        an_incident(6, type="fall"),
        an_incident(7, place=at_point(0)),
    )
    found = find_possible_duplicates(EMPTY, incidents, type="fall", place=at_point(), at=NOW, card="112-4711")
    assert [(item.number, item.reasons) for item in found] == [
        (3, ("card",)),
        (1, ("near", "type")),
        (7, ("near",)),
        (4, ("near",)),
        (6, ("type",)),
    ]


def test_two_gates_nobody_surveyed_are_two_places() -> None:
    incidents = (an_incident(1, type="fall", place=Place(feature="a")),)
    same = find_possible_duplicates(
        EMPTY, incidents, type="fall", place=Place(feature="a"), at=NOW, card=None
    )
    other = find_possible_duplicates(
        EMPTY, incidents, type="fall", place=Place(feature="b"), at=NOW, card=None
    )
    assert [item.reasons for item in same] == [("feature", "type")]
    assert other == ()


def test_the_yard_of_the_tests_is_where_it_is_said_to_be() -> None:
    assert at_point() == Place(point=(EAST, NORTH))
