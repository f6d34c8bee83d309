# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from uuid import uuid4


def test_a_coordinator_opens_the_event(navruz, client_of):
    answer = client_of("coordinator", stream=navruz).get(f"/events/{navruz}/")
    assert answer.status_code == 200
    assert "ENT-007" in answer.content.decode()


def test_nobody_without_a_role_learns_that_an_event_exists(navruz, client_of):
    known = client_of(None).get(f"/events/{navruz}/")
    unknown = client_of(None).get(f"/events/{uuid4()}/")
    assert (known.status_code, unknown.status_code) == (404, 404)


def test_who_is_not_signed_in_is_asked_to(navruz, client):
    answer = client.get(f"/events/{navruz}/")
    assert answer.status_code == 302
    assert "login" in answer["Location"]
