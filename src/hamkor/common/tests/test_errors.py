# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_


def test_an_error_carries_code_facts_and_an_english_sentence() -> None:
    error = HamkorError("gate-too-narrow", N_("Gate {gate} is {width_m} m wide."), gate="north", width_m=2.5)
    assert error.code == "gate-too-narrow"
    assert error.message.facts == {"gate": "north", "width_m": 2.5}
    assert str(error) == "gate-too-narrow: Gate north is 2.5 m wide."


def test_an_error_can_be_raised_and_caught_by_its_type() -> None:
    with pytest.raises(HamkorError, match=r"^no-such-zone: There is no zone A\.$"):
        raise HamkorError("no-such-zone", N_("There is no zone {zone}."), zone="A")
