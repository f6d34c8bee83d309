# SPDX-License-Identifier: Apache-2.0
"""A document as the browser gets it."""

from __future__ import annotations

import json
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from hamkor.common.records import ShortText, Text
from hamkor.console.presenting import as_json, present
from hamkor.console.tests.builders import incident, message
from hamkor.journal.rules import list_kinds

BOTH = {"uz": "Darvoza", "en": "Gate"}


class Inner(msgspec.Struct, frozen=True, omit_defaults=True):
    title: Text | None = None
    count: int = 0


class Outer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    title: Text = ""
    spoken: dict[str, str] = {}
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    signs: tuple[Text, ...] = ()
    by_key: dict[str, Inner] = {}
    noted: Annotated[Text | None, Meta(description="…")] = None
    from_: str = msgspec.field(name="from", default="x")
    short: Annotated[ShortText, Meta(max_length=10)] = "s"


def test_every_field_is_said_and_texts_are_in_the_language():
    document = Outer(
        id="o",
        title=BOTH,
        spoken=BOTH,
        inner=Inner(BOTH),
        many=(Inner(BOTH, 2),),
        signs=(BOTH, "plain"),
        by_key={"k": Inner("plain")},
        noted=BOTH,
    )
    assert present(document, "en") == {
        "id": "o",
        "title": "Gate",
        "spoken": BOTH,
        "inner": {"title": "Gate", "count": 0},
        "many": [{"title": "Gate", "count": 2}],
        "signs": ["Gate", "plain"],
        "by_key": {"k": {"title": "plain", "count": 0}},
        "noted": "Gate",
        "from": "x",
        "short": "s",
    }


def test_cyrillic_is_made_of_latin():
    assert present(message("m"), "uz-Cyrl")["text"] == "Тўртинчи дарвозани очинг"


def test_what_has_its_default_is_said_too():
    shown = json.loads(as_json(incident("i"), "ru"))
    assert shown["units"] == []
    assert shown["merged_into"] is None
    assert shown["affected"]["injured"] == 0


@pytest.mark.parametrize("kind", list_kinds(), ids=lambda kind: kind.kind)
def test_every_kind_of_document_is_one_this_can_show(kind):
    from hamkor.console.presenting import _fields

    assert [name for name, _, _ in _fields(kind.body)]
