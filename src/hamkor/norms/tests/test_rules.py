# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common import i18n
from hamkor.norms.queries import get_norm, list_duties, list_norms
from hamkor.norms.rules import (
    Confidence,
    EventTag,
    Jurisdiction,
    Norm,
    NormKind,
    NormSource,
    applies,
    citation,
    cite,
    concerns,
    is_binding,
    may_block,
)

UZBEK = {
    "Cabinet of Ministers resolution {number}": "VMQ {number}",
    "Annex {annex}": "{annex}-ilova",
    "paragraph {paragraph}": "{paragraph}-band",
    "sub-paragraph {ordinal}": "{ordinal}-xatboshi",
    "Model security contract": "Namunaviy shartnoma",
    "clause {clause}": "{clause}-band",
}
norms = st.builds(
    Norm,
    id=st.sampled_from(["uz-cm-1", "uz-zru-1", "uz-koao-1", "uz-pf-1", "xx-1"]),
    source=st.builds(
        NormSource,
        title=st.text(min_size=1).filter(str.strip),
        number=st.sampled_from(["-", "not shown", "205, Annex 1", "ZRU-7", "UP-1 / PF-1"]),
        date=st.sampled_from(["undated", "2014-07-29", "2021-12 (reported)", "2021-01-20 (date not seen)"]),
    ),
    paragraph=st.sampled_from(["1", "2 (a)", "article 5, part 2", "news", "Annex 1, items 3 and 5-6"]),
    confidence=st.sampled_from(get_args(Confidence)),
    jurisdiction=st.sampled_from(get_args(Jurisdiction)),
    kind=st.sampled_from(get_args(NormKind)),
)


@pytest.fixture
def uzbek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "translate", lambda text, language: UZBEK.get(text, text))


@pytest.mark.usefixtures("uzbek")
@pytest.mark.parametrize(
    ("norm_id", "text"),
    [
        ("uz-cm-205-2014-annex1-p1", "VMQ 205, 29.07.2014, 1-ilova, 1-band"),
        ("uz-cm-205-2014-p2-control", "VMQ 205, 29.07.2014, 2-band, 3-xatboshi"),
        ("uz-cm-89-2024-paid", "VMQ 89/19, 13.02.2024, by a summary"),
        ("uz-contract-3-2", "Namunaviy shartnoma, 3.2-band"),
    ],
)
def test_citation_in_uzbek(norm_id: str, text: str) -> None:
    assert cite(get_norm(norm_id), "uz") == text


@pytest.mark.parametrize(
    ("norm_id", "text"),
    [
        ("uz-zru-668-a20-permit", "Law ZRU-668, 20.01.2021, article 20, part 3"),
        ("uz-zru-547-a27-1-new", "Law ZRU-547, article 27-1, by a summary"),
        ("uz-pf-6247-report", "Presidential decree PF-6247, 16.06.2021, paragraph 2 (a)"),
        ("uz-pf-6247-annex1-procurement", "Presidential decree PF-6247, 16.06.2021, Annex 1, items 3, 5-6"),
        ("uz-koao-185-3", "Code of Administrative Responsibility, inferred, text not seen"),
        ("uz-354-1997-p1-1-4", "Fire safety rules 354, 08.07.1997, paragraph 1.1.4, repealed"),
        ("uz-cm-2021-pyro-event", "Cabinet of Ministers resolution (number not seen), by a summary"),
    ],
)
def test_citation_in_english(norm_id: str, text: str) -> None:
    assert cite(get_norm(norm_id), "en") == text


def test_foreign_and_draft_sources_say_so() -> None:
    assert cite(get_norm("xx-kz-14845-2017"), "en").endswith("foreign, not law of Uzbekistan")
    assert cite(get_norm("uz-rally-draft-2020"), "en").endswith("draft, not law")


def test_inferred_norm_cites_no_place() -> None:
    inferred = [norm for norm in list_norms() if norm.confidence == "inferred"]
    assert inferred
    assert all("article" not in cite(norm, "en").replace("text", "") for norm in inferred)


@given(norms)
def test_every_norm_can_be_cited(norm: Norm) -> None:
    text = cite(norm, "en")
    assert text.strip()
    assert "{" not in text.replace(norm.source.title, "")
    assert len(citation(norm)) >= 1


@given(norms)
def test_only_seen_binding_law_of_the_country_blocks(norm: Norm) -> None:
    if may_block(norm):
        assert is_binding(norm)
        assert norm.jurisdiction == "uz"
        assert norm.confidence in ("read", "secondary")


def test_norm_that_binds_all_state_bodies_concerns_each_of_them_and_no_citizen() -> None:
    norm = get_norm("uz-zru-445-a5")
    assert norm.duty_holder == ("all",)
    assert concerns(norm, "ses")
    assert not concerns(norm, "org")
    assert not concerns(norm, "pub")


def test_unknown_enum_value_is_refused() -> None:
    wrong = msgspec.to_builtins(get_norm("uz-contract-3-2")) | {"kind": "rumour"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Norm)


@given(st.frozensets(st.sampled_from(get_args(EventTag))))
def test_duties_only_grow_with_tags(tags: frozenset[str]) -> None:
    plain = {duty.id for duty in list_duties() if applies(duty, frozenset())}
    tagged = {duty.id for duty in list_duties() if applies(duty, tags)}
    assert plain <= tagged
    assert "count-people-inside" in plain
    assert ("watch-weather" in tagged) == ("outdoors" in tags)
