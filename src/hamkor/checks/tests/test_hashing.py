# SPDX-License-Identifier: Apache-2.0
"""Subjects and messages can be collected without repetition, whatever names and values they carry."""

from __future__ import annotations

from hamkor.checks.rules.capacity import venue_capacity
from hamkor.checks.rules.context import Context
from hamkor.checks.rules.findings import Subject
from hamkor.checks.tests.builders import feature, plan
from hamkor.common.messages import Message

NAMES = {"uz": "Sharq", "en": "East"}


def test_a_subject_with_names_in_several_languages_is_collected_once() -> None:
    assert len({Subject("area", "east", NAMES), Subject("area", "east", dict(NAMES))}) == 1


def test_messages_with_lists_and_names_are_collected_once_and_kept_apart_by_value() -> None:
    first, same, other = (Message("{gates}", {"gates": gates}) for gates in (["a"], ["a"], ["b"]))
    assert list(dict.fromkeys([first, same, other])) == [first, other]


def test_seats_of_several_stands_add_up_and_the_same_assumption_is_told_once() -> None:
    stands = [
        feature(name, "area", use="seating", seats=1000, seats_unusable=40) for name in ("east", "west")
    ]
    capacity = venue_capacity(Context(plan(venue=stands)))
    assert capacity is not None
    assert capacity.people.nominal == 1920
    assert len(capacity.assumptions) == 1
