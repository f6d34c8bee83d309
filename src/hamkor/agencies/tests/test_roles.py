# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from hamkor.agencies.commands import (
    add_body,
    change_body,
    change_person,
    close_account,
    end_role,
    give_role,
    open_event,
    set_administrator,
)
from hamkor.agencies.models import Body, EventRole, User
from hamkor.agencies.queries.directory import list_changes
from hamkor.agencies.queries.people import get_viewer, viewer_of
from hamkor.agencies.rules import ROLES
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def stream(db):
    return new_id(now())


@pytest.fixture
def seen(stream):
    return lambda user: get_viewer(user, stream=stream, at=now())


def test_a_role_is_for_the_agency_of_the_person(make_user, stream, seen):
    coordinator, other = make_user("coordinator", stream=stream), make_user(agency="fvv")
    give_role(seen(coordinator), stream=stream, user_id=other.pk, role="liaison", at=now())
    row = EventRole.objects.get(user=other)
    assert (row.agency, row.given_by) == ("fvv", coordinator)


@pytest.mark.parametrize("role", ["commission", "auditor"])
def test_judges_are_given_and_ended_by_administrators_only(make_user, stream, seen, role):
    coordinator, other = make_user("coordinator", stream=stream), make_user(agency="kom")
    administrator = make_user(is_administrator=True)
    with pytest.raises(HamkorError, match="not-allowed"):
        give_role(seen(coordinator), stream=stream, user_id=other.pk, role=role, at=now())
    row = give_role(seen(administrator), stream=stream, user_id=other.pk, role=role, at=now())
    with pytest.raises(HamkorError, match="not-allowed"):
        end_role(seen(coordinator), stream=stream, role_id=row, at=now())
    end_role(seen(administrator), stream=stream, role_id=row, at=now())
    assert not seen(other).grants


@pytest.mark.parametrize("holder", [role for role in ROLES if role != "coordinator"])
def test_nobody_but_coordinators_and_administrators_gives_roles(make_user, stream, seen, holder):
    user, other = make_user(holder, stream=stream), make_user()
    for role in ROLES:
        with pytest.raises(HamkorError, match="not-allowed"):
            give_role(seen(user), stream=stream, user_id=other.pk, role=role, at=now())
    row = EventRole.objects.get(user=user)
    with pytest.raises(HamkorError, match="not-allowed"):
        end_role(seen(user), stream=stream, role_id=row.pk, at=now())


def test_a_coordinator_gives_themselves_nothing(make_user, stream, seen):
    coordinator = make_user("coordinator", stream=stream)
    for role in ("coordinator", "liaison", "commission"):
        with pytest.raises(HamkorError):
            give_role(seen(coordinator), stream=stream, user_id=coordinator.pk, role=role, at=now())
    assert EventRole.objects.count() == 1


def test_the_coordinator_of_one_event_is_nobody_at_another(make_user, stream, seen):
    coordinator, other = make_user("coordinator", stream=new_id(now())), make_user()
    with pytest.raises(HamkorError, match="not-allowed"):
        give_role(seen(coordinator), stream=stream, user_id=other.pk, role="field", at=now())


def test_a_role_of_another_event_is_not_ended_from_here(make_user, stream, seen):
    coordinator = make_user("coordinator", stream=stream)
    make_user("field", stream=new_id(now()))
    elsewhere = EventRole.objects.get(role="field")
    with pytest.raises(HamkorError, match="item-unknown"):
        end_role(seen(coordinator), stream=stream, role_id=elsewhere.pk, at=now())


def test_the_last_coordinator_stays(make_user, stream, seen):
    first = make_user("coordinator", stream=stream)
    row = EventRole.objects.get(user=first)
    with pytest.raises(HamkorError, match="last-coordinator"):
        end_role(seen(first), stream=stream, role_id=row.pk, at=now())
    over, closed, later = (make_user("coordinator", stream=stream) for _ in range(3))
    EventRole.objects.filter(user=over).update(ends_at=now())
    User.objects.filter(pk=closed.pk).update(is_active=False)
    EventRole.objects.filter(user=later).update(starts_at=now() + timedelta(days=1))
    with pytest.raises(HamkorError, match="last-coordinator"):
        end_role(seen(first), stream=stream, role_id=row.pk, at=now())
    make_user("coordinator", stream=stream)
    end_role(seen(first), stream=stream, role_id=row.pk, at=now())
    assert not seen(first).grants


def test_an_expired_role_gives_neither_right_nor_agency(make_user, stream):
    user = make_user("coordinator", agency="iib", stream=stream)
    EventRole.objects.update(ends_at=now() - timedelta(seconds=1), agency="fvv")
    viewer = get_viewer(user, stream=stream, at=now())
    assert (viewer.grants, viewer.agency) == ((), "iib")


def test_a_role_given_again_gets_the_new_time(make_user, stream, seen):
    coordinator, other = make_user("coordinator", stream=stream), make_user()
    for ends_at in (now() + timedelta(days=1), None):
        give_role(seen(coordinator), stream=stream, user_id=other.pk, role="field", at=now(), ends_at=ends_at)
    assert EventRole.objects.get(user=other).ends_at is None


@pytest.mark.parametrize(("starts", "ends"), [(None, -1), (2, 1), (1, 1)])
def test_a_role_is_not_over_before_it_begins(make_user, stream, seen, starts, ends):
    coordinator, other = make_user("coordinator", stream=stream), make_user()
    at = now()
    with pytest.raises(HamkorError, match="role-wrong"):
        give_role(
            seen(coordinator),
            stream=stream,
            user_id=other.pk,
            role="field",
            at=at,
            starts_at=at + timedelta(hours=starts) if starts is not None else None,
            ends_at=at + timedelta(hours=ends),
        )


def test_whoever_opens_an_event_coordinates_it_once(make_user, stream, seen):
    user, other = make_user(), make_user()
    open_event(seen(user), stream=stream, at=now())
    assert seen(user).roles == ("coordinator",)
    with pytest.raises(HamkorError, match="role-wrong"):
        open_event(seen(other), stream=stream, at=now())


def test_the_database_writes_who_changed_what_and_keeps_it(make_user, stream, seen):
    coordinator, other = make_user("coordinator", stream=stream), make_user()
    row = give_role(seen(coordinator), stream=stream, user_id=other.pk, role="field", at=now())
    end_role(seen(coordinator), stream=stream, role_id=row, at=now() + timedelta(seconds=1))
    newest = list_changes(stream=stream)[0]
    assert (newest.by, newest.verb, newest.fields[0][0]) == (coordinator.name, "changed", "Until")
    from hamkor.agencies.models import EventRoleEvent

    with pytest.raises(DatabaseError), transaction.atomic():
        EventRoleEvent.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        EventRoleEvent.objects.update(role="auditor")


def test_signing_in_is_no_change_of_a_person_and_names_stay_out_of_the_history(make_user):
    user = make_user()
    before = len(list_changes())
    user.last_login, user.name = now(), "Other Name"
    user.save()
    assert len(list_changes()) == before


def test_only_administrators_touch_organisations_and_accounts(make_user, stream, seen):
    coordinator, other = make_user("coordinator", stream=stream), make_user()
    viewer, body = seen(coordinator), Body.objects.get()
    attempts = (
        lambda: add_body(viewer, agency="iib", level="region", names={"uz": "X"}, parent_id=None),
        lambda: change_body(viewer, body_id=body.pk, names={"uz": "X"}, region=""),
        lambda: change_person(viewer, user_id=other.pk, body_id=body.pk, rank="", position=""),
        lambda: close_account(viewer, user_id=other.pk),
        lambda: set_administrator(viewer, user_id=coordinator.pk, value=True),
    )
    for attempt in attempts:
        with pytest.raises(HamkorError, match="not-allowed"):
            attempt()


def test_an_organisation_stands_below_one_of_its_own_agency(make_user):
    viewer = viewer_of(make_user(is_administrator=True))
    top = Body.objects.create(agency="iib", level="republic", names={"uz": "X"})
    add_body(viewer, agency="iib", level="region", names={"uz": "Y"}, parent_id=top.pk)
    for agency, level, names in (
        ("fvv", "region", {"uz": "Y"}),
        ("iib", "republic", {"uz": "Y"}),
        ("iib", "planet", {"uz": "Y"}),
        ("all", "region", {"uz": "Y"}),
        ("iib", "region", {"uz": "  "}),
        ("iib", "region", {"uz": "Y" * 300}),
    ):
        with pytest.raises(HamkorError):
            add_body(viewer, agency=agency, level=level, names=names, parent_id=top.pk)


def test_one_administrator_stays_and_nobody_closes_themselves(make_user):
    administrator = make_user(is_administrator=True)
    with pytest.raises(HamkorError, match="last-administrator"):
        set_administrator(viewer_of(administrator), user_id=administrator.pk, value=False)
    with pytest.raises(HamkorError, match="person-wrong"):
        close_account(viewer_of(administrator), user_id=administrator.pk)
