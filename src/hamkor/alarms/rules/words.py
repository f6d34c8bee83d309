# SPDX-License-Identifier: Apache-2.0
"""Words of crushing in a report: Uzbek in two scripts, Russian and English, in any grammatical form.

A report is read as words without capitals, apostrophes and the letters people leave out when they type in a hurry. A
phrase is found when each of its stems begins a word and all of them stand near each other, in any order. A miss may
cost lives and a false alarm costs a look at a camera, so forms that only may mean crushing are in the list; negations
are not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_

# Reports are short; a book pasted into one must not take the time of everybody.
TEXT_READ_MAX = 4000
_APOSTROPHES = re.compile("[ʻʼ‘’'`´′ʹ＇]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters that keyboards without them replace; Uzbek and Russian stems are compared after the same change.
_ALIKE = str.maketrans({"ё": "е", "ў": "у", "ғ": "г", "қ": "к", "ҳ": "х"})


class UnknownWordsError(HamkorError):
    """A list of words nobody has defined."""


class WordList(msgspec.Struct, frozen=True, kw_only=True):
    """Phrases by language.

    Args:
        id: Its name.
        phrases: Each a few stems with spaces between; a stem that ends with a full stop is a whole word.
        exceptions: Phrases taken out of the text first, such as names of things.
        span: All stems of a phrase stand within so many words.
        source: Where they come from.
    """

    id: str
    phrases: dict[str, tuple[str, ...]]
    exceptions: tuple[str, ...] = ()
    span: int = 6
    source: str


# No list is published. The phrases are ours (decision 0007), after what callers said before the crush of Itaewon 2022
# and survivors of others told, from memory; the Uzbek ones say the same.
CRUSHING = WordList(
    id="crushing",
    phrases={
        "uz": (
            "ezil",
            "ezib",
            "ezaya",
            "toptal",
            "toptab",
            "bosib qol",
            "bosib ket",
            "bosilib",
            "oyoq ostida",
            "nafas olol",
            "nafas ololma",
            "nafas olib bolma",
            "nafas yetma",
            "nafas yetish",
            "nafas qis",
            "havo yetma",
            "havo yetish",
            "bogil",
            "siqil",
            "siqib",
            "qisil",
            "qisib",
            "tiqilib",
            "tiqilinch",
            "itarish",
            "itarib",
            "itaryap",
            "itarmoq",
            "turtish",
            "yiqilgan odam",
            "odam yiqil",
            "ustma ust",
            "olomon bos",
            "qimirlab bolma",
            "qimirlay olma",
        ),
        "uz-Cyrl": (
            "эзил",
            "эзиб",
            "эзая",
            "топтал",
            "топтаб",
            "босиб қол",
            "босиб кет",
            "босилиб",
            "оёқ остида",
            "нафас олол",
            "нафас ололма",
            "нафас олиб бўлма",
            "нафас етма",
            "нафас етиш",
            "нафас қис",
            "ҳаво етма",
            "ҳаво етиш",
            "бўғил",
            "сиқил",
            "сиқиб",
            "қисил",
            "қисиб",
            "тиқилиб",
            "тиқилинч",
            "итариш",
            "итариб",
            "итаряп",
            "итармоқ",
            "туртиш",
            "йиқилган одам",
            "одам йиқил",
            "устма уст",
            "оломон бос",
            "қимирлаб бўлма",
            "қимирлай олма",
        ),
        "ru": (
            "давк",
            "давят.",
            "давит.",
            "сдавил",
            "сдавлив",
            "сдавят.",
            "задави",
            "задавя",
            "задавл",
            "раздави",
            "раздавя",
            "раздавл",
            "придави",
            "придавя",
            "придавл",
            "задых",
            "задохн",
            "удуш",
            "нечем дыш",
            "не. могу дыш",
            "не. мож дыш",
            "не. могу вдох",
            "невозможно дыш",
            "тяжело дыш",
            "трудно дыш",
            "не. хватает возду",
            "затопт",
            "растопт",
            "топчут",
            "прижал",
            "зажал",
            "зажат",
            "стиснул",
            "напира",
            "толкают",
            "толкаются",
            "падают люди.",
            "люди. упал",
            "друг. на. друга.",
            "не. могу. выбраться",
            "не. могу. двинуться",
            "не. могут. двинуться",
            "не. могу. пошевелиться",
            "несет толп",
            "под. ногами. люд",
        ),
        "en": (
            "crush",
            "stampede",
            "trampl",
            "suffocat",
            "asphyxia",
            "cant breath",
            "cannot breath",
            "can. not. breath",
            "couldnt breath",
            "unable breath",
            "hard. breathe.",
            "squeez",
            "squash",
            "squish",
            "pinned.",
            "cant move.",
            "cannot move.",
            "can. not. move.",
            "people fall",
            "people fell.",
            "fall on. top.",
            "fell. on. top.",
            "on. top. each. other.",
            "pile people",
            "piling up.",
            "crowd surg",
            "surging",
            "crowd collaps",
            "pushing behind.",
            "being. pushed.",
            "overcrowd",
            "too. many. people.",
            "gasping",
        ),
    },
    exceptions=("crush barrier", "crash barrier", "crushed ice"),
    source="Hamkor's own choice (decisions 0007 and 0024), after calls before the crush of Itaewon 2022, from memory",
)
WORD_LISTS: dict[str, WordList] = {words.id: words for words in (CRUSHING,)}
DEFAULT_WORDS = CRUSHING.id

_Phrase = tuple[tuple[str, bool], ...]


def crush_words(*texts: str | None, words: str = DEFAULT_WORDS) -> tuple[str, ...]:
    """Returns the phrases of crushing found in texts, as they stand in the list; none when nothing is said of it.

    Args:
        texts: What was said: title, text, answers.
        words: Name of the list.

    Raises:
        UnknownWordsError: ``words-unknown``.

    Source: the list's own.
    """
    if words not in WORD_LISTS:
        template = N_("There is no list of words by the name “{words}”. Choose one of: {known}.")
        raise UnknownWordsError("words-unknown", template, words=words, known=sorted(WORD_LISTS))
    found: dict[str, None] = {}
    for text in texts:
        if text:
            found.update(dict.fromkeys(_find(WORD_LISTS[words], text)))
    return tuple(found)


def _find(words: WordList, text: str) -> list[str]:
    said = _words_of(text[:TEXT_READ_MAX])
    for phrase in _read(words.exceptions).values():
        said = _without(said, phrase, words.span)
    phrases = {name: phrase for names in words.phrases.values() for name, phrase in _read(names).items()}
    return [name for name, phrase in phrases.items() if _places(said, phrase, words.span)]


@lru_cache(maxsize=32)
def _read(names: tuple[str, ...]) -> dict[str, _Phrase]:
    read: dict[str, _Phrase] = {}
    for name in names:
        stems = [(_plain(stem.rstrip(".")), stem.endswith(".")) for stem in name.split()]
        read[name] = tuple(stems)
    return read


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).casefold()
    return _APOSTROPHES.sub("", composed).translate(_ALIKE)


def _words_of(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _places(said: list[str], phrase: _Phrase, span: int) -> tuple[int, ...]:
    """Returns where the stems of a phrase stand, the words nearest to the first one; nothing when not all do."""
    first, *others = phrase
    for start, word in enumerate(said):
        if not _fits(word, first):
            continue
        places = [start]
        for stem in others:
            near = range(max(0, start - span + 1), min(len(said), start + span))
            fitting = [place for place in near if place not in places and _fits(said[place], stem)]
            if not fitting:
                break
            places.append(min(fitting, key=lambda place: abs(place - start)))
        if len(places) == len(phrase) and max(places) - min(places) < span:
            return tuple(places)
    return ()


def _without(said: list[str], phrase: _Phrase, span: int) -> list[str]:
    left = list(said)
    while places := _places(left, phrase, min(span, len(phrase))):
        left = [word for place, word in enumerate(left) if place not in places]
    return left


def _fits(word: str, stem: tuple[str, bool]) -> bool:
    text, is_whole = stem
    return word == text if is_whole else word.startswith(text)
