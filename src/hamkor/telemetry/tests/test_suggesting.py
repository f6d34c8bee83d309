# SPDX-License-Identifier: Apache-2.0
"""What a drawing asks for, and what is there already."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hamkor.telemetry.rules.devices import Device, Wanted, require_registrable
from hamkor.telemetry.rules.suggesting import suggest_devices
from hamkor.telemetry.tests.builders import FEATURES, NOW
from hamkor.venues.rules.features import Device as Drawn
from hamkor.venues.rules.features import Feature, Opening


def registered(wanted: Wanted) -> Device:
    given = msgspec.structs.asdict(wanted)
    return Device(**given, registered_at=NOW, registered_by="person:chief", issued_at=NOW)


def test_ways_cameras_and_buttons_get_a_device() -> None:
    assert {each.id: (each.sort, each.feature) for each in suggest_devices(FEATURES)} == {
        "count-gate": ("counter", "gate"),
        "count-exit": ("counter", "exit"),
        "count-door": ("counter", "door"),
        "count-stair": ("counter", "stair"),
        "camera": ("density", "camera"),
        "button-1": ("button", "button-1"),
    }


def test_emergency_exits_and_hydrants_get_none() -> None:
    drawn = (
        Feature(id="way-out", properties=Opening(from_="yard", to="outside", emergency_only=True)),
        Feature(id="hydrant", properties=Drawn(device="hydrant")),
    )
    assert suggest_devices(drawn) == ()


def test_a_camera_is_asked_for_until_all_it_sees_has_sensors() -> None:
    camera = (Feature(id="camera", properties=Drawn(device="camera", covers=("field", "yard"))),)
    one, other = (
        registered(Wanted(id=f"sense-{area}", sort="density", feature=area)) for area in ("field", "yard")
    )
    assert len(suggest_devices(camera, (one,))) == 1
    assert suggest_devices(camera, (one, other)) == ()


@given(st.lists(st.sampled_from(FEATURES), unique_by=lambda feature: feature.id), st.data())
def test_what_is_asked_for_can_be_registered_and_is_not_asked_for_again(
    features: list[Feature], data: st.DataObject
) -> None:
    asked = suggest_devices(features)
    made = [registered(wanted) for wanted in asked]
    for device in made:
        require_registrable(device, frozenset(feature.id for feature in features))
    assert suggest_devices(features, made) == ()
    some = data.draw(st.lists(st.sampled_from(made), unique_by=lambda device: device.id)) if made else []
    left = {device.id for device in made} - {device.id for device in some}
    assert {wanted.id for wanted in suggest_devices(features, some)} >= left - {"camera"}
