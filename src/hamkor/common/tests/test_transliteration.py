# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hamkor.common import cyrillic_words
from hamkor.common.transliteration import to_cyrillic

GLOSSARY = yaml.safe_load((Path(__file__).parent.parent / "glossary.yaml").read_text(encoding="utf-8"))
TYPED_SIGNS = "'`’‘ʻʼ´"


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term["key"])
def test_every_term_of_the_glossary_is_spelt_as_officials_spell_it(term: dict[str, str]) -> None:
    assert to_cyrillic(term["uz_latn"]) == term["uz_cyrl"]


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Oʻzbekiston", "Ўзбекистон"),
        ("togʻ yoʻli", "тоғ йўли"),
        ("singil", "сингил"),
        ("ekran elektr eʼlon", "экран электр эълон"),
        ("yelka Yevropa poyezd", "елка Европа поезд"),
        ("aeroport poema duet", "аэропорт поэма дуэт"),
        ("ayyor daryo dunyo naryad", "айёр дарё дунё наряд"),
        ("Isʼhoq Ishoq ashob", "Исҳоқ Исҳоқ асҳоб"),
        ("sanʼat qatʼiy masʼul", "санъат қатъий масъул"),
        ("moʻjiza moʻtabar", "мўъжиза мўътабар"),
        ("tarbiyatshunos", "тарбиятшунос"),
    ],
)
def test_letters_and_their_neighbours(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("konsert konsertga", "концерт концертга"),
        ("litsenziya sotsial politsiya militsiya", "лицензия социал полиция милиция"),
        ("funksiya stansiya konferensiya korrupsiya", "функция станция конференция коррупция"),
        ("pensiya komissiya versiya", "пенсия комиссия версия"),
        ("sirk sirki sirka", "цирк цирки сирка"),
        ("sement protsent ssenariy insident", "цемент процент сценарий инцидент"),
        ("ketsa aytsin aytsiz", "кетса айтсин айтсиз"),
        ("signal kontrol rol patrul parol", "сигнал контроль роль патруль пароль"),
        ("avtomobil avtomobillar festivali", "автомобиль автомобиллар фестивали"),
        ("asfalt film albom", "асфальт фильм альбом"),
        ("stadion boʻlim nazorat", "стадион бўлим назорат"),
        ("obyekt premyera kompyuter rayon", "объект премьера компьютер район"),
        ("proyekt patsiyent koeffitsiyent", "проект пациент коэффициент"),
    ],
)
def test_loan_words(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "whole", "with_suffix"),
    [
        ("yanvar", "январь", "январдан"),
        ("fevral", "февраль", "февралдан"),
        ("mart", "март", "мартдан"),
        ("aprel", "апрель", "апрелдан"),
        ("may", "май", "майдан"),
        ("iyun", "июнь", "июндан"),
        ("iyul", "июль", "июлдан"),
        ("avgust", "август", "августдан"),
        ("sentabr", "сентябрь", "сентябрдан"),
        ("oktabr", "октябрь", "октябрдан"),
        ("noyabr", "ноябрь", "ноябрдан"),
        ("dekabr", "декабрь", "декабрдан"),
    ],
)
def test_months_lose_the_soft_sign_before_a_suffix(latin: str, whole: str, with_suffix: str) -> None:
    assert to_cyrillic(latin) == whole
    assert to_cyrillic(f"1-{latin}") == f"1-{whole}"
    assert to_cyrillic(f"{latin}dan") == with_suffix


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Shahar SHAHAR shahar", "Шаҳар ШАҲАР шаҳар"),
        ("Yoʻl YOʻL Yevropa", "Йўл ЙЎЛ Европа"),
        ("IIB YHXX AQSH BHM GOST", "ИИБ ЙҲХХ АҚШ БҲМ ГОСТ"),
        ("Konsert KONSERT DEKABR UEFA", "Концерт КОНЦЕРТ ДЕКАБРЬ УЕФА"),
        ("Sh. Rashidov", "Ш. Рашидов"),
    ],
)
def test_capitals(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize("sign", TYPED_SIGNS)
def test_any_typed_apostrophe_will_do(sign: str) -> None:
    assert to_cyrillic(f"o{sign}quv mashg{sign}uloti, ma{sign}lumot") == "ўқув машғулоти, маълумот"
    assert to_cyrillic(f"tog{sign}") == "тоғ"


def test_a_closing_quote_is_not_a_letter() -> None:
    assert to_cyrillic("‘blog’ va 'blog'") == "‘блог’ ва 'блог'"


@pytest.mark.parametrize(
    "text",
    [
        "{count} {width_m:.1f} {{}} %(name)s",
        "{width_m} m",
        "https://lex.uz/docs/1234, www.lex.uz/docs (a.b@example.uz)",
        "5 m, 1 200 m², 0,5 km, 90 s, 8 min, 20 kg",
        "DUTY-001 A-1 T-34 COVID-19",
        "event.yaml plans/plan.yaml *.geojson",
        "`hamkor check`",
        "GPS PDF SARIF HTML JSON YAML CSV SVG PNG MVStättVO NFPA IMO SFPE HSG195",
        "II XX XIX I",
        "Wembley Croke",
        "--format foo_bar v2.0",
        "Уже кириллица",
    ],
)
def test_what_is_not_uzbek_text_stays(text: str) -> None:
    assert to_cyrillic(text) == text


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("{width_m} m kenglik", "{width_m} m кенглик"),
        ("5 ming kishi, 10 soat, 3 ta", "5 минг киши, 10 соат, 3 та"),
        ("4 kishi/m², 82 kishi/m/min", "4 киши/m², 82 киши/m/min"),
        ("PDFga, GPS-qurilma, ID-karta", "PDFга, GPS-қурилма, ID-карта"),
        ("PostgreSQL bazasi, OpenStreetMap xaritasi", "PostgreSQL базаси, OpenStreetMap харитаси"),
        ("Enter tugatadi, Esc bekor qiladi", "Enter тугатади, Esc бекор қилади"),
        ("root nomidan, zip arxivi, zipni", "root номидан, zip архиви, зипни"),
        (
            "smtp://user:password@mail.example.org:587 manzili",
            "smtp://user:password@mail.example.org:587 манзили",
        ),
        ("X-Forwarded-Proto ni", "X-Forwarded-Proto ни"),
        ("5-qavat, 2027-yil, 3ta", "5-қават, 2027-йил, 3та"),
        ("IIV, II bosqich, I. Karimov", "ИИВ, II босқич, И. Каримов"),
        ("`event.yaml` faylida", "`event.yaml` файлида"),
        ("<b>xavf</b>", "<b>хавф</b>"),
    ],
)
def test_protected_parts_among_uzbek_words(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize("table", [cyrillic_words.WORDS, cyrillic_words.STEMS], ids=["words", "stems"])
def test_exceptions_are_latin_on_one_side_and_cyrillic_on_the_other(table: dict[str, str]) -> None:
    for latin, cyrillic in table.items():
        assert set(latin) <= set("abcdefghijklmnopqrstuvxyzʻʼ"), latin
        assert set(cyrillic) <= set("абвгдеёжзийклмнопрстуфхцчшъьэюяқғҳў"), latin


@given(st.text(alphabet="абеўғқҳшцйАЎ ʻʼ'`{}0123456789.-/²", max_size=60))
def test_text_without_latin_letters_stays(text: str) -> None:
    assert to_cyrillic(text) == text


@given(st.lists(st.sampled_from(["{a}", "{b:.1f}", "`x y`", "DUTY-001", "event.yaml", "qoida"]), max_size=8))
def test_protected_parts_survive_in_any_order(parts: list[str]) -> None:
    kept = [
        part for part in to_cyrillic(" ".join(parts)).replace("`x y`", "`x_y`").split() if part != "қоида"
    ]
    assert kept == [part.replace("`x y`", "`x_y`") for part in parts if part != "qoida"]


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(to_cyrillic(text), str)
