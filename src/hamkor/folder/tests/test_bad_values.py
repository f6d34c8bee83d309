# SPDX-License-Identifier: Apache-2.0
"""Values that do not fit: each is named with its place, its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.folder.rules import MAX_FAULTS_SHOWN
from hamkor.folder.tests.builders import EVENT, faults_of, only


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("id: a\nname: [1, 2\n", "yaml-broken", 3),
        ("id: 'a\n", "yaml-broken", 2),
        ("id: a\n\tname: b\n", "yaml-broken", 2),
        ("id: \x07\n", "yaml-broken", 1),
        ("a: &x [1]\nb: *x\n", "yaml-alias", 1),
        ("a: &x 1\nb: 2\n", "yaml-alias", 1),
        ("a: !!python/object:os.system ls\n", "yaml-alias", 1),
        ("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3),
        ("a: 1\n---\nb: 2\n", "yaml-several-documents", 2),
        ("a: " + "[" * 1000 + "\n", "yaml-too-deep", 1),
        ("a: " + "[" * 200_000, "yaml-too-deep", 1),
        ("".join(f"{' ' * depth}a:\n" for depth in range(60)), "yaml-too-deep", None),
        ("? [a, b]\n: 1\n", "yaml-key", 1),
        ("a: .inf\n", "yaml-not-finite", 1),
        ("a: .NaN\n", "yaml-not-finite", 1),
        ("a: 1e999\n", "yaml-not-finite", 1),
        ("a: " + "9" * 100 + "\n", "yaml-not-finite", 1),
        ("a: 2027-02-30 18:00\n", "yaml-moment", 1),
        ("a: 2027-03-21 25:00\n", "yaml-moment", 1),
    ],
)
def test_texts_that_are_not_our_yaml(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    fault = only(faults_of(tmp_path, event__yaml=text), code, "event.yaml")
    assert line is None or fault.line == line


def test_billion_laughs(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*a, *a]\n" for n in "bcdefgh")
    only(faults_of(tmp_path, duties__yaml=bomb), "yaml-alias", "duties.yaml")


@pytest.mark.parametrize(
    ("addition", "code", "place", "said"),
    [
        ("organizer: none", "unknown-key", "organizer", "`organiser`"),
        ("place: {nmae: Stadion}", "unknown-key", "place.nmae", "`name`"),
        ("place: {city: Toshkent}", "missing-key", "place", "`name`"),
        ("setting: outdoor", "bad-choice", "setting", "`outdoors`"),
        ("organiser: nobody", "bad-choice", "organiser", "none"),
        ("category: 7", "bad-choice", "category", "1, 2, 3"),
        ("paid: yes", "wrong-type", "paid", "true or false"),
        ("place: Stadion", "wrong-type", "place", "a group of keys"),
        ("agencies: none", "wrong-type", "agencies", "[]"),
        ("agencies: [{agency: police}]", "bad-choice", "agencies[0].agency", "iib"),
        ("time_zone: 5", "wrong-type", "time_zone", "quotes"),
        ("starts_at: tomorrow", "bad-moment", "starts_at", "2027-03-21 18:00"),
        ("starts_at: 2027-03-21", "bad-moment", "starts_at", "2027-03-21 18:00"),
        ("starts_at: 2027-03-21T18:00:00Z", "moment-with-zone", "starts_at", "local time"),
        ("starts_at: 1830", "wrong-type", "starts_at", "2027-03-21 18:00"),
        ("place: {name: a, country: Uzbekistan}", "bad-code", "place.country", "UZ"),
        ("place: {name: ''}", "empty-text", "place.name", "empty"),
        ("place: {name: {uzb: a}}", "bad-choice", "place.name.uzb", "`uz`"),
        (
            "programme: [{id: a b, title: x, starts_at: 2027-03-21 18:00}]",
            "bad-id",
            "programme[0].id",
            "spaces",
        ),
        ("note: " + "x" * 5000, "too-long", "note", "4"),
    ],
)
def test_values_that_do_not_fit(tmp_path: Path, addition: str, code: str, place: str, said: str) -> None:
    fault = only(faults_of(tmp_path, event__yaml=EVENT + "\n\n" + addition), code, "event.yaml")
    assert (fault.place, fault.line) == (place, 7)
    assert said in fault.message.in_english()


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("-5", "out-of-range"),
        ("2000000000", "out-of-range"),
        ("1e30", "out-of-range"),
        ("'40000'", "wrong-type"),
        ("[1, 2]", "wrong-type"),
        ("true", "wrong-type"),
        ("{low: 5}", "bad-value"),
        ("{low: 9, high: 5}", "bad-value"),
        ("{}", "bad-value"),
        ("{value: 5, hihg: 6}", "unknown-key"),
        ("{value: 5, grade: E}", "bad-choice"),
        ("{estimates: [{source: x}]}", "missing-key"),
    ],
)
def test_figures_that_say_nothing(tmp_path: Path, figure: str, code: str) -> None:
    faults = faults_of(tmp_path, attendance__yaml=f"# people\nexpected: {figure}\n")
    fault = only(faults, code, "attendance.yaml")
    assert fault.place.startswith("expected")
    assert fault.line == 2


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    duties = "duties:\n  - id: a\n    phase: befor\n    persn: x\n  - phase: conduct\n  - 5\n"
    faults = faults_of(tmp_path, duties__yaml=duties)
    found = {(fault.code, fault.place, fault.line) for fault in faults}
    assert found == {
        ("bad-choice", "duties[0].phase", 3),
        ("unknown-key", "duties[0].persn", 4),
        ("missing-key", "duties[1]", 5),
        ("wrong-type", "duties[2]", 6),
    }


@pytest.mark.parametrize(
    "text", ["duties: 5", "- id: a", "duty: []", "duties: {a: 1}", "5", "duties: []\nx: 1"]
)
def test_lists_stand_below_one_key(tmp_path: Path, text: str) -> None:
    fault = only(faults_of(tmp_path, duties__yaml=text), "wrong-top", "duties.yaml")
    assert "`duties:`" in fault.message.in_english()


def test_duplicate_ids(tmp_path: Path) -> None:
    twice = "duties:\n  - {id: a, phase: conduct}\n  - {id: b, phase: conduct}\n  - {id: a, phase: conduct}\n"
    fault = only(faults_of(tmp_path, duties__yaml=twice), "duplicate-id", "duties.yaml")
    assert (fault.place, fault.line) == ("duties[2]", 4)


def test_duplicate_ids_of_channels(tmp_path: Path) -> None:
    twice = "channels:\n  - {id: a, sort: radio}\n  - {id: a, sort: phone}\n"
    only(faults_of(tmp_path, communications__yaml=twice), "duplicate-id", "communications.yaml")


def test_at_most_forty_faults_are_shown(tmp_path: Path) -> None:
    duties = "duties:\n" + "  - {id: a}\n" * 100
    assert len(faults_of(tmp_path, duties__yaml=duties)) == MAX_FAULTS_SHOWN
