# SPDX-License-Identifier: Apache-2.0
"""What words on layers and in properties of drawings mean: in English, Uzbek and Russian."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

from hamkor.common.messages import N_
from hamkor.venues.rules.drawings import DrawingRefusedError
from hamkor.venues.rules.features import Area, Device, Passage, Route, Structure

IGNORE = "ignore"
_CHOICE_KEYS: dict[str, tuple[type, str]] = {
    "area": (Area, "use"),
    "passage": (Passage, "form"),
    "route": (Route, "purpose"),
    "structure": (Structure, "structure"),
    "device": (Device, "device"),
}
_PLAIN_KINDS = ("opening", "turnstiles", "assembly_area", "shelter", "attractor")

# First match wins; so the special stands above the general. Letters are compared without case and typed apostrophes.
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"turnstile|turniket|турникет", "turnstiles"),
    (
        r"(emergency|fire)[ _-]?(exit|door)|avariya|favqulodda|(аварийн|эвакуац|запасн)\w* ?выход",
        "opening:emergency",
    ),
    (r"evacuation|evakuatsiya|эвакуац|escape", "route:evacuation"),
    (r"emergency[ _-]?access|fire[ _-]?(lane|road)|пожарн\w* проезд", "route:emergency_access"),
    (r"assembly|muster|yigilish|место сбора|точка сбора", "assembly_area"),
    (r"shelter|boshpana|укрыти", "shelter"),
    (r"escalator|eskalator|эскалатор", "passage:escalator"),
    (r"stair|steps|zina|лестниц", "passage:stairs"),
    (r"\bramps?\b|pandus|пандус", "passage:ramp"),
    (r"tunnel|underpass|тоннель|туннель", "passage:tunnel"),
    (r"footbridge|bridge|koprik|мост", "passage:bridge"),
    (r"defibrillator|\baed\b|дефибриллятор", "device:defibrillator"),
    (r"hydrant|gidrant|гидрант", "device:hydrant"),
    (r"extinguisher|ot ?ochirgich|огнетушител", "device:extinguisher"),
    (r"camera|cctv|surveillance|kamera|камер", "device:camera"),
    (r"speaker|karnay|громкоговорител", "device:loudspeaker"),
    (r"siren|сирен", "device:siren"),
    (r"panic", "device:panic_button"),
    (r"stage[ _-]?front|pit\b|фан-?зона", "area:stage_front"),
    (r"backstage|закулис", "area:backstage"),
    (r"stage|sahna|сцен", "structure:stage"),
    (r"\btents?\b|chodir|шат[её]р|палатк", "structure:tent"),
    (r"tower|minora|вышк|башн", "structure:tower"),
    (r"fence|wall|barrier|railing|devor|panjara|tosiq|стен|забор|ограждени|барьер", "structure:barrier"),
    (
        r"door|gate|exit|entrance|entry|opening|eshik|darvoza|kirish|chiqish|двер|ворота|вход|выход|калитк",
        "opening",
    ),
    (r"standing|terrace|tik turish|стоячи", "area:standing"),
    (r"seat|sector|sektor|tribuna|grandstand|o?rindiq|сектор|трибун|мест[ао]", "area:seating"),
    (r"pitch|playing[ _-]?field|futbol maydon|игровое поле|футбольное поле", "area:pitch"),
    (r"dance", "area:dance_floor"),
    (r"queue|navbat|очеред", "area:queue"),
    (r"concourse|lobby|foyer|walkway|corridor|yolak|vestibyul|коридор|фойе|вестибюл", "area:concourse"),
    (r"hall|room|xona|\bzal\b|зал\b|помещени", "area:hall"),
    (r"square|plaza|maydon|площад", "area:square"),
    (r"street|\broad\b|kocha|улиц", "area:street"),
    (r"camp", "area:camping"),
    (r"route|footway|footpath|path|marshrut|маршрут|yol\b|дорожк", "route:circulation"),
    (r"toilet|restroom|bar\b|food|cafe|hojatxona|туалет|кафе|буфет", "attractor"),
    (r"area|zone|zona|hudud|зон[аы]|outline", "area:other"),
)
_COMPILED = tuple((re.compile(pattern), meaning) for pattern, meaning in _PATTERNS)
_APOSTROPHES = re.compile("[ʻʼ'`´‘’]")


def guess_meaning(text: str) -> str | None:
    """Returns what a word on a layer or in a property means, such as ``area:seating``, or None when nobody knows."""
    plain = _APOSTROPHES.sub("", text.lower()).replace("_", " ")
    return next((meaning for pattern, meaning in _COMPILED if pattern.search(plain)), None)


@cache
def known_meanings() -> tuple[str, ...]:
    """Returns every meaning a layer can be given."""
    choices = [
        f"{kind}:{word}" for kind, (struct, key) in _CHOICE_KEYS.items() for word in _words_of(struct, key)
    ]
    return (*_PLAIN_KINDS, "opening:emergency", *choices, IGNORE)


def _words_of(struct: type, key: str) -> tuple[str, ...]:
    hint = get_type_hints(struct)[key]
    found = hint if get_args(hint) and isinstance(get_args(hint)[0], str) else get_args(hint)[0]
    return tuple(get_args(found)) or tuple(get_args(Literal[found]))


def refuse_unknown_meanings(layers: Mapping[str, str]) -> None:
    """Refuses a table of layers with a meaning nobody knows.

    Raises:
        DrawingRefusedError: ``layer-meaning-unknown`` with the layer and the words that are known.
    """
    for layer, meaning in layers.items():
        if meaning not in known_meanings():
            kind = meaning.partition(":")[0]
            near = [known for known in known_meanings() if known.partition(":")[0] == kind]
            raise DrawingRefusedError(
                "layer-meaning-unknown",
                N_("The table of layers says `{meaning}` for {layer}. Write one of: {known}."),
                meaning=meaning,
                layer=layer,
                known=near or [*_PLAIN_KINDS, *(f"{item}:…" for item in _CHOICE_KEYS), IGNORE],
            )


def meaning_of_layer(layer: str, layers: Mapping[str, str]) -> str | None:
    """Returns what is drawn on a layer: as the table says, else as its name suggests, else None."""
    for pattern, meaning in layers.items():
        if fnmatch.fnmatchcase(layer.lower(), pattern.lower()):
            return meaning
    return guess_meaning(layer)


def properties_of(meaning: str) -> dict[str, Any]:
    """Returns the first properties of a feature of that meaning."""
    kind, _, word = meaning.partition(":")
    properties: dict[str, Any] = {"kind": kind}
    if kind in _CHOICE_KEYS:
        properties[_CHOICE_KEYS[kind][1]] = word
    if kind == "passage" and word in {"stairs", "ramp"}:
        properties["surface"] = word
    if meaning == "opening:emergency":
        properties["emergency_only"] = True
    return properties
