# SPDX-License-Identifier: Apache-2.0
"""Readings and their limits, keys, clocks, devices, and the values and states that follow from readings."""

from hamkor.telemetry.rules.devices import SYSTEM_INGEST, Device, DeviceError, DeviceState, Sort, State
from hamkor.telemetry.rules.layout import Layout, layout_of
from hamkor.telemetry.rules.readings import (
    DEFAULT_LIMITS,
    MEASURES,
    Limits,
    Measure,
    Reading,
    ReadingRefusedError,
    Sample,
)
from hamkor.telemetry.rules.tracking import Tracker, Value
from hamkor.telemetry.rules.zones import DEFAULT_BANDS, Bands, ZoneState, band_of, next_band

__all__ = [
    "DEFAULT_BANDS",
    "DEFAULT_LIMITS",
    "MEASURES",
    "SYSTEM_INGEST",
    "Bands",
    "Device",
    "DeviceError",
    "DeviceState",
    "Layout",
    "Limits",
    "Measure",
    "Reading",
    "ReadingRefusedError",
    "Sample",
    "Sort",
    "State",
    "Tracker",
    "Value",
    "ZoneState",
    "band_of",
    "layout_of",
    "next_band",
]
