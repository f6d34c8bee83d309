# SPDX-License-Identifier: Apache-2.0
"""A change voids exactly the approvals it touches: on the example event, and against brute force."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.approvals.commands import (
    approve,
    object_to,
    override_reds,
    withdraw_acceptance,
    withdraw_approval,
    withdraw_objection,
)
from hamkor.approvals.queries import list_approval_states
from hamkor.approvals.tests.rounds import AUDITOR, COMMISSION, COORDINATOR, Round, navruz, signer, small
from hamkor.common.errors import HamkorError
from hamkor.journal.commands import Erasure, erase_body
from hamkor.journal.queries import get_documents, list_entries
from hamkor.journal.rules import fold
from hamkor.plans.rules.changes import list_changes
from hamkor.plans.rules.concern import PLAN_KINDS, agencies_concerned
from hamkor.plans.rules.roster import Post

EDITS = 2000


def signed(plan: Any) -> Round:
    """Returns a round in which everybody approved their own part and the whole."""
    done = Round(plan)
    done.put()
    for agency in done.agencies:
        done.approve(agency, "own")
        done.approve(agency, "whole")
    return done


@pytest.fixture(scope="module")
def signed_navruz() -> Round:
    return signed(navruz())


def test_a_changed_post_voids_its_agency_and_every_whole() -> None:
    done = signed(navruz())
    assert set(done.states().values()) == {("approved", "approved")}
    post = next(post for post in done.plan.posts or () if post.agency == "tty")
    number = done.edit("post", post.id, needed=99)
    states = done.states()
    assert states["tty"] == ("voided", "voided")
    assert {states[agency] for agency in states if agency != "tty"} == {("approved", "voided")}
    found = list_approval_states(done.store, stream=done.stream, viewer=AUDITOR)
    voided = next(item.own.voided_by for item in found if item.agency == "tty")
    assert voided is not None
    assert (voided.number, voided.by, voided.kind, voided.id) == (number, COORDINATOR.person, "post", post.id)
    assert [(change.path, change.after) for change in voided.changes] == [("needed", 99.0)]
    assert voided.thing == post.title


def test_who_signs_is_who_takes_part_but_not_the_commission(signed_navruz: Round) -> None:
    listed = {taking_part.agency for taking_part in navruz().event.agencies or ()}
    assert set(signed_navruz.agencies) == listed - {"kom"}


def test_what_changes_hands_concerns_both(signed_navruz: Round) -> None:
    done = signed(small())
    done.edit("post", "aid", agency="org")
    assert done.states() == {
        "iib": ("approved", "voided"),
        "tty": ("voided", "voided"),
        "org": ("voided", "voided"),
    }


def test_changed_and_changed_back_is_void_all_the_same() -> None:
    done = signed(small())
    done.edit("post", "aid", needed=3)
    done.edit("post", "aid", needed=2)
    assert done.states()["tty"] == ("voided", "voided")
    assert done.page().versions[0].changes == ()


def test_what_is_not_the_plan_and_what_changes_nothing_voids_nothing() -> None:
    done = signed(small())
    done.chat()
    done.edit("post", "aid", needed=2)
    assert set(done.states().values()) == {("approved", "approved")}


def test_removed_and_added_void_too() -> None:
    done = signed(small())
    done.remove("post", "aid")
    assert done.states()["tty"][0] == "voided"
    assert done.states()["iib"][0] == "approved"
    done.record("post", Post(id="new", title="New", role="guard", agency="iib"))
    assert done.states()["iib"][0] == "voided"


def test_an_erased_change_concerns_everybody() -> None:
    done = signed(small())
    number = done.edit("post", "aid", needed=2, note="secret")
    assert done.states()["iib"] == ("approved", "voided")
    erase_body(done.store, done.stream, number=number, erasure=Erasure("person:x", done.now, "asked for"))
    assert set(done.states().values()) == {("voided", "voided")}
    found = list_approval_states(done.store, stream=done.stream, viewer=AUDITOR)
    assert all(item.own.voided_by is not None and item.own.voided_by.changes == () for item in found)
    assert done.trail.documents == get_documents(done.store, done.stream)


def brute_force(done: Round, agency: str, scope: str) -> str:
    """Returns the state from the documents at every number and their differences, remembering nothing."""
    given = [item for item in done.documents.all("approval") if item.agency == agency]
    given = [item for item in given if item.scope == "whole" or scope == "own"]
    if scope == "whole" and any(item.agency == agency for item in done.documents.all("objection")):
        return "objected"
    if not given:
        return "none"
    newest = max(given, key=lambda item: (item.head_number, item.number))
    entries = list_entries(done.store, done.stream)
    states = [fold(entries, number) for number in range(newest.head_number, len(entries) + 1)]
    for before, after in pairwise(states):
        is_lapse = entries[after.number - 1].type == "acceptance.lapsed.v1"
        if is_touched(before, after, agency=agency, scope=scope, is_lapse=is_lapse):
            return "voided"
    return "approved"


def is_touched(before: Any, after: Any, *, agency: str, scope: str, is_lapse: bool) -> bool:
    changes = list_changes(before, after)
    if scope == "whole":
        reds = [{a.number for a in seen.all("acceptance") if a.severity == "red"} for seen in (before, after)]
        return bool(changes) or (reds[0] != reds[1] and not is_lapse)
    for change in changes:
        for seen in (before, after):
            document = seen.get(change.kind, change.id)
            if document is not None and agency in agencies_concerned(change.kind, document, documents=seen):
                return True
    return False


AGENCIES = st.sampled_from(["iib", "tty", "org"])
POSTS = st.sampled_from(["gate", "watch", "aid", "spare"])
DEEDS = st.one_of(
    st.tuples(st.just("edit"), POSTS, AGENCIES, st.integers(1, 3)),
    st.tuples(st.just("remove"), POSTS),
    st.just(("chat",)),
    st.just(("put",)),
    st.tuples(st.just("approve"), AGENCIES, st.sampled_from(["own", "whole"]), st.integers(0, 3)),
    st.tuples(st.just("object"), AGENCIES),
    st.tuples(st.just("withdraw"), AGENCIES, st.sampled_from(["own", "whole"])),
    st.tuples(st.just("override"), st.booleans()),
)


def do(done: Round, deed: tuple[Any, ...]) -> None:
    verb, *how = deed
    if verb == "edit":
        post = Post(id=how[0], title=how[0], role="other", agency=how[1], needed=how[2])
        done.record("post", post)
    elif verb in {"remove", "chat", "put"}:
        getattr(done, verb)(*(("post", *how) if how else ()))
    elif verb == "approve":
        entries = list_entries(done.store, done.stream)
        entry = entries[max(len(entries) - 1 - how[2], 0)]
        seen = msgspec.structs.replace(done.seen(), number=entry.number, hash=entry.hash)
        done.approve(how[0], how[1], seen)
    elif verb == "override":
        key, sent = "STOP-001/event/small", done.sent(COMMISSION)
        if how[0]:
            override_reds(done.store, sent, viewer=COMMISSION, reason="Agreed.", keys=[key])
        else:
            withdraw_acceptance(done.store, sent, viewer=COMMISSION, key=key, reason="No.")
    else:
        by = signer(how[0])
        values: dict[str, Any] = {"viewer": by, "agency": how[0], "reason": "So."}
        if verb == "object":
            object_to(done.store, done.sent(by), **values)
        else:
            withdraw_approval(done.store, done.sent(by), **values, scope=how[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(DEEDS, max_size=14))
def test_states_are_those_of_brute_force(deeds: list[tuple[Any, ...]]) -> None:
    done = Round(small())
    done.put()
    for deed in deeds:
        before = (done.seen(), done.states())
        try:
            do(done, deed)
        except HamkorError:
            assert (done.seen(), done.states()) == before
    entries = list_entries(done.store, done.stream)
    expected = {
        agency: (brute_force(done, agency, "own"), brute_force(done, agency, "whole"))
        for agency in done.agencies
    }
    assert done.states() == expected
    assert done.trail.documents == get_documents(done.store, done.stream) == fold(entries)
    numbers = {(kind, item.id): item.number for kind in KINDS for item in done.documents.all(kind)}
    assert all(entries[number - 1].type.startswith(kind) for (kind, _), number in numbers.items())


KINDS = ("acceptance", "plan_version", "approval", "objection", "final_approval")


def test_states_cost_little_after_thousands_of_edits() -> None:
    """The trail is extended by what is new only: a read after the first takes milliseconds."""
    done = signed(navruz())
    posts = [post.id for post in done.plan.posts or ()]
    for step in range(EDITS):
        done.edit("post", posts[step % len(posts)], needed=step + 100)
    done.states()
    done.edit("post", posts[0], needed=1)
    began = perf_counter()
    done.states()
    assert perf_counter() - began < 0.5
    assert len(done.trail.touches) == EDITS + 1
    assert {touch.kind for touch in done.trail.touches} <= set(PLAN_KINDS)


def test_approving_again_after_a_change_counts() -> None:
    done = signed(small())
    done.edit("post", "aid", needed=3)
    done.approve("tty", "own")
    assert done.states()["tty"] == ("approved", "voided")
    with pytest.raises(HamkorError, match="version-changed"):
        done.approve("tty", "whole")
    done.put()
    done.approve("tty", "whole")
    assert done.states()["tty"] == ("approved", "approved")
    assert done.states()["iib"] == ("approved", "voided")


def test_an_objection_goes_with_the_approval_of_the_whole() -> None:
    done = signed(small())
    by = signer("tty")
    object_to(
        done.store, done.sent(by), viewer=by, agency="tty", reason="No way out.", part="posts", items=["aid"]
    )
    assert done.states()["tty"] == ("approved", "objected")
    done.approve("tty", "own")
    assert done.states()["tty"] == ("approved", "objected")
    done.approve("tty", "whole")
    assert done.states()["tty"] == ("approved", "approved")


def test_others_sign_meanwhile() -> None:
    """Signatures, comments and objections of others move the head, but not what was seen."""
    done = Round(small())
    done.put()
    seen = done.seen()
    for agency in done.agencies:
        done.chat()
        done.approve(agency, "whole", seen)
    assert set(done.states().values()) == {("approved", "approved")}


def test_the_printed_head_can_be_signed() -> None:
    done = Round(small())
    done.put()
    version = done.documents.get("plan_version", "1")
    seen = msgspec.structs.replace(done.seen(), number=version.head_number, hash=version.head_hash)
    by = signer("tty")
    approve(done.store, done.sent(by), viewer=by, agency="tty", scope="whole", seen=seen)
    assert done.states()["tty"] == ("approved", "approved")


def test_what_every_state_body_answers_for_concerns_everybody() -> None:
    done = signed(small())
    done.edit("duty", "order", supporting=("all",))
    assert {own for own, _ in done.states().values()} == {"voided"}


def test_the_approval_that_covers_most_counts() -> None:
    """A page that was open for long is signed last, but says less than what was signed before."""
    done = Round(small())
    done.put()
    early = done.seen()
    done.approve("tty", "own")
    done.edit("post", "watch", needed=7)
    done.put()
    done.approve("tty", "whole")
    number = done.documents.get("approval", "tty:whole:2").head_number
    late = msgspec.structs.replace(early, version=2, number=number - 1, hash=hash_at(done, number - 1))
    done.approve("tty", "own", late)
    found = list_approval_states(done.store, stream=done.stream, viewer=AUDITOR)
    own = next(item.own for item in found if item.agency == "tty")
    assert own.approval is not None
    assert own.approval.scope == "whole"


def hash_at(done: Round, number: int) -> str:
    return list_entries(done.store, done.stream)[number - 1].hash


def test_an_objection_ends_the_approval_of_the_whole() -> None:
    done = signed(small())
    by = signer("tty")
    object_to(done.store, done.sent(by), viewer=by, agency="tty", reason="No way out.")
    withdraw_objection(done.store, done.sent(by), viewer=by, agency="tty", reason="Talked over.")
    assert done.states()["tty"] == ("approved", "none")
