# SPDX-License-Identifier: Apache-2.0
"""What people type becomes the value the plan holds, by the type of the field."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.events.rules import Attendance, Event
from hamkor.plans.rules.plan import PARTS
from hamkor.plans.rules.readiness import Communications, HazardEntry, StopAuthority
from hamkor.plans.rules.roster import Duty, Post, Task
from hamkor.workspace.forms.edits import kind_at
from hamkor.workspace.forms.labels import FIELD_LABELS
from hamkor.workspace.forms.typing_in import FieldKind, kind_of, parse, shown_text


def kind(body: type[msgspec.Struct], name: str) -> FieldKind:
    return next(kind_of(info.type) for info in msgspec.structs.fields(body) if info.encode_name == name)


@pytest.mark.parametrize(
    ("body", "name", "sort"),
    [
        (Post, "title", "texts"),
        (Post, "needed", "figure"),
        (Post, "critical", "boolean"),
        (Post, "role", "choice"),
        (Post, "place", "words"),
        (Post, "shifts", "rows"),
        (Post, "starts_at", "moment"),
        (Task, "duration_min", "number"),
        (Duty, "accountable", "choices"),
        (Duty, "person", "text"),
        (HazardEntry, "likelihood", "number"),
        (StopAuthority, "drilled_date", "date"),
        (Communications, "channels", "items"),
        (Attendance, "composition", "record"),
        (Event, "category", "number"),
    ],
)
def test_every_type_has_a_way_to_be_typed(body, name, sort):
    assert kind(body, name).sort == sort


def test_no_field_of_a_plan_is_without_a_name_or_a_way():
    seen: set[type] = set()

    def walk(body):
        if body in seen:
            return
        seen.add(body)
        for info in msgspec.structs.fields(body):
            found = kind_of(info.type)
            named = {info.encode_name, f"{body.__name__}.{info.encode_name}"} & set(FIELD_LABELS)
            assert named or info.encode_name in {"id", "format"}, f"{body.__name__}.{info.encode_name}"
            if found.body is not None:
                walk(found.body)

    for part in PARTS:
        walk(part.body)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("40", 40),
        ("1 234,5", 1234.5),
        ("40–50", {"low": 40, "high": 50}),
        ("40-50", {"low": 40, "high": 50}),
        ("40..50", {"low": 40, "high": 50}),
        ("about 40", "about 40"),
        ("", None),
        ("1e9999", "1e9999"),
        ("-5", -5),
    ],
)
def test_figures_are_read_as_people_write_them(typed, value):
    assert parse(kind(Post, "needed"), typed, language="uz", before=None) == value


def test_a_figure_keeps_its_source_and_grade():
    before = {"value": 10, "source": "count of 2025", "grade": "measured"}
    after = parse(kind(Post, "needed"), "12", language="uz", before=before)
    assert after == {"value": 12, "source": "count of 2025", "grade": "measured"}


def test_other_languages_of_a_text_stay():
    texts = kind(Post, "title")
    assert parse(texts, "Darvoza", language="uz", before={"uz": "Eshik", "ru": "Ворота"}) == {
        "uz": "Darvoza",
        "ru": "Ворота",
    }
    assert parse(texts, "Gate", language="en", before="Darvoza") == "Gate"
    assert parse(texts, "", language="uz", before={"uz": "Eshik", "ru": "Ворота"}) == {"ru": "Ворота"}
    assert parse(texts, "", language="uz", before={"uz": "Eshik"}) is None


def test_rows_keep_what_the_page_does_not_show():
    rows = [
        {"": {"person": "a", "note": "kept"}, "person": "b", "starts_at": "2027-03-21T18:00", "ends_at": None}
    ]
    assert parse(kind(Post, "shifts"), rows, language="uz", before=None) == [
        {"person": "b", "note": "kept", "starts_at": "2027-03-21T18:00:00"}
    ]


def test_the_kind_at_a_path_follows_records_and_items():
    assert kind_at(None, Communications, "channels/radio/works").sort == "boolean"
    assert kind_at(None, Attendance, "composition/audience").sort == "choice"
    assert kind_at(None, Attendance, "nothing/at/all").sort == "other"


@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_a_number_shown_and_typed_again_is_the_same(number):
    figure = kind(Post, "needed")
    shown = shown_text(figure, round(number, 3), language="uz")
    again = parse(figure, shown, language="uz", before=None)
    assert again == pytest.approx(round(number, 3)) or isinstance(again, str)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_handed_on(text):
    for name in ("needed", "title", "place", "starts_at", "critical"):
        parse(kind(Post, name), text, language="ru", before=None)
