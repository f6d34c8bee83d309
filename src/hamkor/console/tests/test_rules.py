# SPDX-License-Identifier: Apache-2.0
"""A new rule of alarms: begun from its sort, tried before it can speak, put in force under an id of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from hamkor.common.ids import new_id
from hamkor.console.opening import journals
from hamkor.console.rule_forms import NEW_SORTS, new_rule

pytestmark = pytest.mark.django_db
TYPED = {
    "sort": "threshold",
    "title": "Too dense at the gate",
    "action": "Stop the entry",
    "priority": "2",
    "measure": "density",
    "limit": "3,5",
    "clear_at": "3",
    "hold_s": "20",
    "enabled": "on",
}


@pytest.fixture
def chief(client_of, navruz):
    client = client_of("coordinator", agency="hok", stream=navruz)
    client.cookies["hamkor_language"] = "en"
    return client


def key() -> str:
    return str(new_id(datetime.now(UTC)))


def rules(stream):
    return journals().get_documents(str(stream)).all("alarm_rule")


def address(stream) -> str:
    return f"/events/{stream}/centre/rules"


@pytest.mark.parametrize("sort", NEW_SORTS)
def test_every_sort_offered_can_be_begun(chief, navruz, sort):
    page = chief.get(address(navruz), {"sort": sort}).content.decode()
    assert f'name="sort" value="{sort}"' in page
    assert re.search(r'name="rule" value="[0-9a-f-]{36}"', page)


def test_a_new_rule_is_tried_before_it_can_be_put_in_force(chief, navruz):
    begun = chief.get(address(navruz), {"sort": "threshold"}).content.decode()
    own = re.search(r'name="rule" value="([0-9a-f-]{36})"', begun)[1]
    assert 'value="try"' in begun
    assert 'value="keep"' not in begun
    typed = {**TYPED, "rule": own}
    tried = chief.post(address(navruz), {**typed, "do": "try", "command_id": key()})
    assert tried.status_code == 200, tried.content.decode()
    page = tried.content.decode()
    assert 'value="keep"' in page
    assert 'value="Too dense at the gate"' in page
    assert rules(navruz) == ()
    for _ in range(2):
        assert chief.post(address(navruz), {**typed, "do": "keep", "command_id": key()}).status_code == 302
    (rule,) = rules(navruz)
    assert (rule.id, rule.sort, rule.limit, rule.origin) == (own, "threshold", 3.5, "person")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"action": ""},
        {"limit": ""},
        {"measure": ""},
        {"measure": "count_in"},
        {"clear_at": "9"},
        {"limit": "1e99"},
        {"hold_s": "-1"},
    ],
)
@pytest.mark.parametrize("do", ["try", "keep"])
def test_a_rule_that_makes_no_sense_is_refused_and_what_was_typed_stays(chief, navruz, do, wrong):
    typed = {**TYPED, "hold_s": "21", **wrong, "rule": key(), "do": do, "command_id": key()}
    answer = chief.post(address(navruz), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert {"hold_s", "title"} & set(wrong) or 'value="21"' in page
    assert rules(navruz) == ()


@pytest.mark.parametrize("own", ["nobody-knows-it", "", "x" * 5000])
def test_a_new_rule_takes_no_id_but_its_own(chief, navruz, own):
    answer = chief.post(address(navruz), {**TYPED, "rule": own, "do": "keep", "command_id": key()})
    assert answer.status_code in {404, 422}
    assert rules(navruz) == ()


def test_nobody_else_may_write_one(client_of, navruz):
    operator = client_of("operator", stream=navruz)
    assert b'id="new-sort"' not in operator.get(address(navruz), {"sort": "threshold"}).content
    answer = operator.post(address(navruz), {**TYPED, "rule": key(), "do": "keep", "command_id": key()})
    assert answer.status_code == 403
    assert new_rule("manual", key()) is None
