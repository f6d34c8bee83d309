# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import yaml

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES, pick_name
from hamkor.norms.queries import (
    ROOM_DIR,
    get_duty,
    get_norm,
    get_parameter,
    list_duties,
    list_emergency_numbers,
    list_gaps,
    list_norms,
    list_norms_set_aside,
    list_parameters,
)
from hamkor.norms.rules import DutyHolder, ParameterBook, is_binding, may_block

KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
WRONG_UZBEK = re.compile(r"['`‘’´]|[oOgG]ʼ|[a-fh-npq-zA-FH-NP-Z]ʻ")


@pytest.mark.parametrize("yaml_path", sorted(ROOM_DIR.glob("*.yaml")), ids=lambda path: path.name)
def test_json_twin_holds_the_same(yaml_path: Path) -> None:
    twin = msgspec.json.decode(yaml_path.with_suffix(".json").read_bytes())
    assert twin == yaml.safe_load(yaml_path.read_text(encoding="utf-8")), "run tools/make_data.py"


def test_collection_is_whole() -> None:
    norms = list_norms()
    assert len(norms) == 127
    assert Counter(norm.kind for norm in norms) == {
        "law": 75, "contract": 16, "practice": 12, "service": 7, "foreign": 7,
        "inference": 4, "context": 4, "draft": 1, "repealed": 1,
    }  # fmt: skip


def test_ids_are_unique() -> None:
    for name in ("norms.yaml", "duty_catalogue.yaml"):
        content = yaml.safe_load((ROOM_DIR / name).read_text(encoding="utf-8"))
        ids = [item["id"] for item in (content["duties"] if isinstance(content, dict) else content)]
        assert len(ids) == len(set(ids))
        assert all(KEBAB.match(item) for item in ids)
    assert len({parameter.name for parameter in list_parameters()}) == len(list_parameters())


def test_parameters_are_as_laid_down() -> None:
    assert get_parameter("alcohol_free_radius_m").value == 500
    assert get_parameter("permit_review_working_days").norm == "uz-svc-permit-review"
    assert get_parameter("annual_report_day").value == "03-01"
    assert all(get_norm(parameter.norm) for parameter in list_parameters())


def test_emergency_numbers_state_their_evidence() -> None:
    numbers = {number.number: number for number in list_emergency_numbers()}
    assert set(numbers) == {"101", "102", "103", "104", "112", "1050", "1055"}
    assert numbers["112"].evidence.startswith("read")
    assert all(number.evidence for number in numbers.values())
    assert list_gaps()


def test_every_duty_holder_code_is_explained() -> None:
    book = msgspec.json.decode((ROOM_DIR / "parameters.json").read_bytes(), type=ParameterBook)
    assert set(book.duty_holder_codes) == set(get_args(DutyHolder))


def test_no_foreign_and_no_inferred_norm_may_block() -> None:
    assert not any(may_block(norm) for norm in list_norms() if norm.jurisdiction == "foreign")
    assert not any(may_block(norm) for norm in list_norms() if norm.confidence == "inferred")
    assert not any(may_block(norm) for norm in list_norms() if norm.kind in ("draft", "repealed", "practice"))
    assert sum(may_block(norm) for norm in list_norms()) == 96


def test_lists_are_filtered() -> None:
    analysis = list_norms(phase="analysis")
    assert {norm.phase for norm in analysis} == {"analysis", "any"}
    organiser = list_norms(duty_holder="org", binding_only=True)
    assert all("org" in norm.duty_holder and is_binding(norm) for norm in organiser)
    assert get_norm("uz-zru-445-a5") in list_norms(duty_holder="fvv")
    assert len(list_duties(phase="conduct", essential=True)) + len(
        list_duties(phase="conduct", essential=False)
    ) == len(list_duties(phase="conduct"))


@pytest.mark.parametrize(
    ("query", "code"),
    [(get_norm, "norm-unknown"), (get_parameter, "parameter-unknown"), (get_duty, "duty-unknown")],
)
def test_unknown_id_is_refused_with_a_code(query: object, code: str) -> None:
    assert callable(query)
    with pytest.raises(HamkorError) as refused:
        query("nothing")
    assert refused.value.code == code
    assert "nothing" in str(refused.value)


def test_catalogue_has_the_agreed_size_in_every_phase() -> None:
    assert 55 <= len(list_duties()) <= 70
    assert {duty.phase for duty in list_duties()} == {"preparation", "conduct", "analysis"}
    assert get_duty("count-people-inside").essential


def test_every_duty_has_owners_and_a_source() -> None:
    for duty in list_duties():
        assert duty.usual_owners, duty.id
        assert "all" not in (*duty.usual_owners, *duty.supporting), duty.id
        assert "pub" not in duty.usual_owners, duty.id
        assert duty.usual_owners[0] not in duty.supporting, duty.id
        assert duty.sources, duty.id


def test_norms_of_a_duty_exist_and_fit_its_phase_and_parties() -> None:
    for duty in list_duties():
        parties = {*duty.usual_owners, *duty.supporting, "all"}
        for norm in map(get_norm, duty.norms):
            assert norm.jurisdiction == "uz", duty.id
            assert norm.phase in (duty.phase, "any"), (duty.id, norm.id)
            assert parties & {*norm.duty_holder} or norm.duty_holder == ("pub",), (duty.id, norm.id)


def test_every_binding_norm_is_carried_by_a_duty_or_set_aside_with_a_reason() -> None:
    carried = {norm_id for duty in list_duties() for norm_id in duty.norms}
    aside = {item.norm for item in list_norms_set_aside()}
    assert not carried & aside
    assert {norm.id for norm in list_norms(binding_only=True)} == aside | {
        norm_id for norm_id in carried if is_binding(get_norm(norm_id))
    }
    assert all(item.reason for item in list_norms_set_aside())


def test_texts_exist_in_every_language_with_proper_uzbek_letters() -> None:
    texts = [duty.title for duty in list_duties()]
    assert all(set(text) == {"uz", "ru", "en"} and all(text.values()) for text in texts)
    texts += [norm.duty for norm in list_norms()]
    for text in texts:
        assert not WRONG_UZBEK.search(text["uz"]), text["uz"]
        assert all(pick_name(text, language) for language in LANGUAGES)
    for number in list_emergency_numbers():
        assert not WRONG_UZBEK.search(number.uz), number.uz
