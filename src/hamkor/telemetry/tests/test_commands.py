# SPDX-License-Identifier: Apache-2.0
"""Devices and states: who may, what is recorded, what is refused, what a second sending does."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents, list_entries
from hamkor.journal.rules import fold
from hamkor.telemetry.commands import (
    issue_key,
    record_device_states,
    record_zone_states,
    register_device,
    register_drawn_devices,
    revoke_device,
)
from hamkor.telemetry.facts import DEVICE, DEVICE_STATE, ZONE_STATE
from hamkor.telemetry.queries import list_devices
from hamkor.telemetry.receiving.refusals import NotTakenError
from hamkor.telemetry.receiving.registry import Registry
from hamkor.telemetry.rules import SYSTEM_INGEST, DeviceState, ZoneState
from hamkor.telemetry.rules.devices import Wanted
from hamkor.telemetry.rules.keys import Claim
from hamkor.telemetry.tests.builders import (
    AUDITOR,
    COORDINATOR,
    NOW,
    SECRET,
    STREAM,
    envelope,
    key_of,
    store_with_devices,
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_devices()


def refused(store: MemoryStore, code: str, verb: Any, who: Any = COORDINATOR, **keys: Any) -> None:
    """Asserts that a command is refused by a code, and that nothing has changed."""
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        verb(store, envelope(who), viewer=who, **keys)
    assert caught.value.code == code
    assert caught.value.message.in_english()
    assert export_journal(store, STREAM) == before


def registry(store: MemoryStore) -> Registry:
    made = Registry(SECRET)
    made.load(STREAM, get_documents(store, STREAM))
    return made


def may_send(store: MemoryStore, device: str, key: str) -> bool:
    try:
        registry(store).require(Claim(STREAM, device, key))
    except NotTakenError:
        return False
    return True


def test_what_the_drawing_asks_for_is_registered_once(store: MemoryStore) -> None:
    sent = envelope()
    first = register_drawn_devices(store, sent, viewer=COORDINATOR)
    assert register_drawn_devices(store, sent, viewer=COORDINATOR) == first
    # The gate and the door have a counter and a gateway, the field that the camera sees has a sensor.
    assert len(first.entries) == 2
    devices = get_documents(store, STREAM).all(DEVICE)
    made = {device.id: device.sort for device in devices if device.id.startswith("count-")}
    assert made == {"count-gate": "counter", "count-exit": "counter", "count-stair": "counter"}
    assert register_drawn_devices(store, envelope(), viewer=COORDINATOR).entries == ()
    refused(store, "not-allowed", register_drawn_devices, who=AUDITOR)


def test_a_device_is_registered_and_may_send(store: MemoryStore) -> None:
    sent = envelope()
    wanted = Wanted(id="new", sort="counter", feature="door")
    first = register_device(store, sent, viewer=COORDINATOR, device=wanted)
    assert register_device(store, sent, viewer=COORDINATOR, device=wanted) == first
    device = get_documents(store, STREAM).get(DEVICE, "new")
    assert device is not None
    assert (device.generation, device.registered_by, device.may_tell_of) == (1, "person:chief", {"door"})
    assert may_send(store, "new", key_of("new"))
    assert not may_send(store, "new", key_of("count-gate"))
    assert not may_send(store, "nobody", key_of("nobody"))


def test_a_new_key_ends_the_old_one_and_a_change_does_not(store: MemoryStore) -> None:
    changed = Wanted(id="box", sort="gateway", features=("stair",))
    register_device(store, envelope(), viewer=COORDINATOR, device=changed)
    assert may_send(store, "box", key_of("box", 1))
    issue_key(store, envelope(), viewer=COORDINATOR, device_id="box")
    assert not may_send(store, "box", key_of("box", 1))
    assert may_send(store, "box", key_of("box", 2))


def test_who_is_shut_out_sends_nothing_until_a_new_key(store: MemoryStore) -> None:
    revoke_device(store, envelope(), viewer=COORDINATOR, device_id="box", reason="Stolen.")
    assert not may_send(store, "box", key_of("box"))
    state = get_documents(store, STREAM).get(DEVICE_STATE, "box")
    assert state is not None
    assert state.state == "revoked"
    refused(store, "device-revoked", revoke_device, device_id="box", reason="Again.")
    live = DeviceState(id="box", state="live", since=NOW)
    record_device_states(store, envelope(SYSTEM_INGEST), viewer=SYSTEM_INGEST, states=[live])
    assert get_documents(store, STREAM).get(DEVICE_STATE, "box") == state
    issue_key(store, envelope(), viewer=COORDINATOR, device_id="box")
    assert may_send(store, "box", key_of("box", 2))


def test_devices_that_cannot_be(store: MemoryStore) -> None:
    for code, wanted in {
        "device-feature-absent": Wanted(id="a", sort="counter", feature="cellar"),
        "device-measure-wrong": Wanted(id="a", sort="counter", measures=("smoke",)),
        "device-silence-wrong": Wanted(id="a", sort="counter", silence_s=0.1),
        "device-malformed": Wanted(id="../a", sort="counter"),
        "device-too-many-features": Wanted(id="a", sort="gateway", features=("gate",) * 501),
    }.items():
        refused(store, code, register_device, device=wanted)
    refused(store, "device-absent", issue_key, device_id="nothing")
    refused(store, "device-absent", revoke_device, device_id="nothing", reason="x")
    refused(store, "device-reason-missing", revoke_device, device_id="box", reason="  ")


def test_rights_are_asked(store: MemoryStore) -> None:
    wanted = Wanted(id="a", sort="weather")
    refused(store, "not-allowed", register_device, AUDITOR, device=wanted)
    refused(store, "not-allowed", issue_key, AUDITOR, device_id="box")
    refused(store, "not-allowed", revoke_device, AUDITOR, device_id="box", reason="x")
    for verb in (record_zone_states, record_device_states):
        refused(store, "not-allowed", verb, COORDINATOR, states=())
    with pytest.raises(ValueError, match="cannot send a command as"):
        register_device(store, envelope(AUDITOR), viewer=COORDINATOR, device=wanted)
    shown = list_devices(COORDINATOR, get_documents(store, STREAM))
    assert [each.device.id for each in shown] == ["count-gate", "sense-field", "button-1", "track-1", "box"]


def test_states_are_written_down_when_they_change(store: MemoryStore) -> None:
    def zone(band: int, after_s: int) -> int:
        state = ZoneState(id="field", band=band, since=NOW + timedelta(seconds=after_s))
        sent = envelope(SYSTEM_INGEST)
        return len(record_zone_states(store, sent, viewer=SYSTEM_INGEST, states=[state]).entries)

    assert [zone(band, place) for place, band in enumerate((0, 0, 2, 2, 1))] == [1, 0, 1, 0, 1]
    found = get_documents(store, STREAM).get(ZONE_STATE, "field")
    assert found is not None
    assert (found.band, found.since) == (1, NOW + timedelta(seconds=4))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_documents_are_the_fold_of_random_commands(seed: int) -> None:
    chance, store = random.Random(seed), store_with_devices()
    for _ in range(12):
        device = chance.choice(["box", "count-gate", "nothing"])
        verb = chance.choice(["issue", "revoke", "zone", "device", "register"])
        try:
            if verb == "issue":
                issue_key(store, envelope(), viewer=COORDINATOR, device_id=device)
            elif verb == "revoke":
                revoke_device(store, envelope(), viewer=COORDINATOR, device_id=device, reason="r")
            elif verb == "zone":
                states = [ZoneState(id="field", band=chance.randint(0, 4), since=NOW)]
                record_zone_states(store, envelope(SYSTEM_INGEST), viewer=SYSTEM_INGEST, states=states)
            elif verb == "device":
                told = [DeviceState(id=device, state=chance.choice(["live", "lost", "skewed"]), since=NOW)]
                record_device_states(store, envelope(SYSTEM_INGEST), viewer=SYSTEM_INGEST, states=told)
            else:
                wanted = Wanted(id=device, sort="gateway", feature=chance.choice(["gate", "cellar"]))
                register_device(store, envelope(), viewer=COORDINATOR, device=wanted)
        except HamkorError:
            continue
    documents = get_documents(store, STREAM)
    assert fold(list_entries(store, STREAM)) == documents
