# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest
import yaml

from hamkor.agencies.queries import ROOM_DIR, get_agency, list_agencies
from hamkor.agencies.rules import AgencyCode, is_core
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.norms.queries import get_norm, list_duties, list_emergency_numbers
from hamkor.norms.rules import DutyHolder

WRONG_UZBEK = re.compile(r"['`‘’´]|[oOgG]ʼ|[a-fh-npq-zA-FH-NP-Z]ʻ")


def test_json_twin_holds_the_same() -> None:
    twin = msgspec.json.decode((ROOM_DIR / "agencies.json").read_bytes())
    assert twin == yaml.safe_load((ROOM_DIR / "agencies.yaml").read_text(encoding="utf-8"))


def test_every_code_is_described_once() -> None:
    codes = [item["code"] for item in yaml.safe_load((ROOM_DIR / "agencies.yaml").read_text("utf-8"))]
    assert sorted(codes) == sorted(get_args(DutyHolder))
    assert get_args(AgencyCode)[0] == DutyHolder


def test_unknown_code_is_refused() -> None:
    with pytest.raises(HamkorError) as refused:
        get_agency("nobody")
    assert refused.value.code == "agency-unknown"


def test_names_exist_in_every_language_with_proper_letters() -> None:
    for agency in list_agencies():
        for names in (agency.names, agency.short_names):
            assert set(names) == set(LANGUAGES), agency.code
            assert all(names.values()), agency.code
            assert not WRONG_UZBEK.search(names["uz"]), names["uz"]
            assert not re.search("[a-zA-Z]", names["uz-Cyrl"] + names["ru"]), agency.code


def test_emergency_numbers_are_known_to_the_norms() -> None:
    known = {number.number for number in list_emergency_numbers()}
    given = {agency.emergency_number for agency in list_agencies()} - {None}
    assert given == {"101", "102", "103"}
    assert given <= known


def test_norms_exist() -> None:
    assert all(
        get_norm(norm_id).jurisdiction == "uz" for agency in list_agencies() for norm_id in agency.norms
    )


def test_police_organiser_and_venue_are_core_in_every_phase() -> None:
    for phase in ("preparation", "conduct", "analysis"):
        core = {agency.code for agency in list_agencies(core_in=phase)}
        assert {"iib", "org", "obj"} <= core
        assert not core & {"all", "pub", "mah"}
    assert is_core(get_agency("kom"), "preparation")
    assert not is_core(get_agency("kom"), "conduct")


def test_every_core_agency_has_a_duty_in_that_phase() -> None:
    for agency in list_agencies():
        for phase in agency.core_in:
            duties = list_duties(phase=phase)
            assert any(agency.code in (*duty.usual_owners, *duty.supporting) for duty in duties)
