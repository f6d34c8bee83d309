# SPDX-License-Identifier: Apache-2.0
"""What the scripts say is known to the page: a key without a sentence would be shown to an operator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from hamkor.console.words import WORDS
from hamkor.incidents.rules.incidents import IncidentState
from hamkor.operation.rules.jobs import JobState
from hamkor.operation.rules.running import LIVE_PHASES
from hamkor.venues.rules.features import Device

SCRIPTS = Path(__file__).parent.parent / "static/console/js"
# A key that is written out; those with a part that varies are tested by their values below.
WRITTEN = re.compile(r"""(?:word|line|button)\(\s*"([a-z][a-z_]*\.[a-z0-9_.]+)\"""")


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.stem)
def test_every_key_of_a_script_has_a_sentence(path: Path) -> None:
    missing = set(WRITTEN.findall(path.read_text())) - WORDS.keys()
    assert not missing


def test_values_in_a_sentence_are_named_and_closed() -> None:
    for key, text in WORDS.items():
        assert re.sub(r"\{[a-z_]+\}", "", text).count("{") == 0, key


def kinds_of_devices() -> set[str]:
    found = {
        value for each in get_args(get_type_hints(Device)["device"]) for value in get_args(each) or (each,)
    }
    return {value for value in found if isinstance(value, str)}


def test_states_have_words() -> None:
    wanted = {f"phase.{phase}" for phase in LIVE_PHASES}
    wanted |= {f"job.{state}" for state in get_args(JobState)}
    wanted |= {f"incident.state_{state}" for state in get_args(IncidentState)}
    wanted |= {f"device.sort.{kind}" for kind in kinds_of_devices()}
    wanted |= {f"device.{state}" for state in ("live", "lost", "skewed", "revoked", "unknown")}
    wanted |= {f"gate.{state}" for state in ("idle", "flowing", "full", "open", "closed", "unknown")}
    wanted |= {f"band.{band}" for band in range(5)}
    wanted |= {f"truth.{state}" for state in ("stale", "offline")} | {
        f"fresh.{state}" for state in ("live", "catching", "replay")
    }
    assert not wanted - WORDS.keys()
