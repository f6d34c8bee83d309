# SPDX-License-Identifier: Apache-2.0
"""Uzbek Latin to Uzbek Cyrillic, leaving alone what is not Uzbek text."""

from __future__ import annotations

import re
from functools import lru_cache

from hamkor.common.cyrillic_words import STEMS, WORDS

_TURNED_COMMA = "ʻ"
_APOSTROPHE = "ʼ"
_TYPED_APOSTROPHES = "'`´‘’ʻʼ"
_OPENING_QUOTES = "'‘`"

_KEPT_WORDS = (
    "AED API ASET BIM CAP CCTV CRS CSV DXF EN EPSG FED GIS GPS GPX HSG HTML HTTP HTTPS ID IFC IMDF IMO IP MQTT "
    "ISO IT JPEG JSON LED LOS MIT NFPA OSM OpenStreetMap PDF PNG PostgreSQL QR RFC RSET SARIF SFPE SGSA "
    "SHA SMS SOLAS SQL SSL SVG TLS TXT URL USB UTC UUID VIP VPN WGS XLS XLSX XML YAML ZIP GeoJSON GitHub "
    "GitLab Wi-Fi WiFi"
)
_KEPT_AS_THEY_STAND = (
    "AUDIT Asia/Tashkent Backspace Ctrl Delete Enter Esc Shift "
    "entity explode PURGE root superuser systemd zip"
)
_UNITS = (
    "m/s² m/s m²/s m² m³ m2 m3 km² km/h km mm cm m ha ms min kPa Pa kN kW kVA kg kHz MHz Hz kbit Mbit "
    "kB MB GB dB lx px dpi s h g t l °C"
)
_FILE_ENDINGS = (
    "css csv dxf geojson gpx htm html ini jpeg jpg js json jsonl md mo osm pdf png po pot py sarif sql "
    "svg toml txt typ xlsx xml yaml yml zip"
)
_DOMAINS = "com eu gov info int io kz net org ru uz"
_SUFFIXES_AFTER_DIGITS = "inchi nchi chi ta tacha tadan dan gacha ga da ning ni lik li"


def _any_of(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


_UNIT = rf"(?:{_any_of(_UNITS)})(?![\w{_TYPED_APOSTROPHES}²³])"
_LETTER = rf"[^\W\d_{_TYPED_APOSTROPHES}]"  # two of the apostrophes count as letters in Unicode
_WORD = rf"{_LETTER}+(?:[{_TYPED_APOSTROPHES}]+{_LETTER}+)*(?:(?<=[oOgG])[{_TYPED_APOSTROPHES}])?"
_TOKENS = re.compile(
    rf"""
    (?P<kept>
      (?<!\w)`[^`\n]+`(?!\w)                                          # code
    | </?[A-Za-z][^<>]{{0,200}}>                                             # markup
    | (?<!\w)[a-z][a-z0-9+]{{1,20}}://[^\s<>"]*[^\s<>".,;:!?)»”] | www\.[^\s<>"]*[^\s<>".,;:!?)»”]
    | [\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+
    | (?:\{{\{{ | \}}\}} | \{{[^{{}}]*\}})(?:[ \u00a0]?{_UNIT})?      # placeholder with its unit
    | %\(\w+\)[a-z] | %[sd](?!\w)
    | [\w/*.-]{{0,120}}[\w*]\.(?:{_any_of(_FILE_ENDINGS)})\b(?!\.\w)
    | (?<![\w.])\.(?:{_any_of(_FILE_ENDINGS)})\b
    | \b[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{0,4}}\.(?:{_any_of(_DOMAINS)})\b(?:/[^\s<>".,;:!?)»”]*)?
    | (?<![\w-])--[a-z][\w-]*                                         # option of a command
    | \b\w*[A-Za-z]_\w+                                               # name in a program
    | \bX-[A-Z][A-Za-z-]*                                                # header of a request
    | \b[A-Z][A-Z-]{{0,30}}-\d\w*(?:[-.]\d\w*)*                              # rule id, post number
    | \d(?:[\d\u00a0.,]{{0,20}}\d)?(?:[ \u00a0]?{_UNIT} | (?=(?:{_any_of(_SUFFIXES_AFTER_DIGITS)})\b))
    | (?<=[/·×]){_UNIT} | \b(?:m²|m³|km²)
    | \b(?:[A-Za-z]+\d|\d+[A-Za-z])\w*                                # letters and digits in one
    | \b(?:{_any_of(_KEPT_AS_THEY_STAND)})(?![\w{_TYPED_APOSTROPHES}])
    | \b(?:{_any_of(_KEPT_WORDS)})(?![A-Z]|[a-z]*[A-Z])
    | \b(?=[IVX]{{2}}|[IVX](?![.\w{_TYPED_APOSTROPHES}]))X{{0,3}}(?:IX|IV|V?I{{0,3}})\b
    )
    | (?P<word>{_WORD})
    """,
    re.VERBOSE,
)

_FOREIGN = re.compile(r"[^a-zʻʼ]|w|c(?!h)")

_LETTERS = dict(zip("abdefghijklmnopqrstuvxyzʼʻ", "абдефгҳижклмнопқрстувхйзъъ", strict=True)) | {
    "oʻ": "ў", "gʻ": "ғ", "sh": "ш", "ch": "ч", "ya": "я", "ye": "е", "yo": "ё", "yu": "ю",
    "ts": "ц", "sʼ": "с",
}  # fmt: skip
_PIECES = re.compile(
    r"""
      (?P<soft>(?<=[bdfhjklmnpqrstvxz])ye | (?<=gʻ)ye)       # premyera
    | (?P<open>^e | (?<=[aeiou])e | (?<=oʻ)e)                # ekran, aeroport
    | (?P<tse>(?<=[kp])s(?=i(?:ya|on)) | (?<=[aeiu]n)s(?=i(?:ya|on)))   # funksiya, stansiya
    | sʼ(?=h)                                                # Isʼhoq
    | ts(?=i[yao]) | ^ts(?!h) | ts$                          # politsiya, sotsial
    | [og]ʻ | sh | ch | y[aeu] | yo(?!ʻ) | [a-zʻʼ]
    """,
    re.VERBOSE,
)
_SPECIAL = {"soft": "ье", "open": "э", "tse": "ц"}
_LONGEST_STEM = max(map(len, STEMS))
_SHORTEST_STEM = min(map(len, STEMS))


def to_cyrillic(text: str) -> str:
    """Returns Uzbek Latin text in Cyrillic letters.

    Placeholders, addresses, file names, code between backquotes, rule ids, units after numbers, Roman
    numerals, international abbreviations and words with letters foreign to Uzbek stay as they are.

    Args:
        text: Text in the alphabet of 1995; typed apostrophes are accepted for its two signs.

    Source: Law of the Republic of Uzbekistan No. 931-XII of 1993-09-02, edition of 1995-05-06 (alphabet);
        resolution of the Cabinet of Ministers No. 339 of 1995-08-24 (spelling).
    """
    return _TOKENS.sub(_replace_token, text)


def _replace_token(match: re.Match[str]) -> str:
    word = match["word"]
    if word is None:
        return match[0]
    start = match.start()
    is_quoted = start > 0 and match.string[start - 1] in _OPENING_QUOTES
    if is_quoted and word[-1] in _TYPED_APOSTROPHES:
        return _cyrillic_word(word[:-1]) + word[-1]
    return _cyrillic_word(word)


@lru_cache(maxsize=8192)
def _cyrillic_word(typed: str) -> str:
    word = _with_official_signs(typed)
    lower = word.lower()
    if len(lower) != len(word) or _FOREIGN.search(lower):
        return typed
    if lower in WORDS:
        return _in_case_of(word, WORDS[lower])
    stem, head = _stem_of(lower)
    tail = "".join(_cyrillic_piece(word, match) for match in _PIECES.finditer(lower, len(stem)))
    if tail:
        head = head.removesuffix("ь")
    return _in_case_of(word[: len(stem)], head) + tail


def _with_official_signs(word: str) -> str:
    word = re.sub(rf"(?<=[oOgG])[{_TYPED_APOSTROPHES}]+", _TURNED_COMMA, word)
    return re.sub(rf"(?<![oOgG])[{_TYPED_APOSTROPHES}]+", _APOSTROPHE, word)


def _stem_of(lower: str) -> tuple[str, str]:
    """Returns the longest exceptional stem of the word and its spelling; two empty texts for none."""
    for length in range(min(len(lower), _LONGEST_STEM), _SHORTEST_STEM - 1, -1):
        stem = lower[:length]
        if stem in STEMS:
            return stem, STEMS[stem]
    return "", ""


def _cyrillic_piece(word: str, match: re.Match[str]) -> str:
    special = match.lastgroup
    cyrillic = _SPECIAL[special] if special else _LETTERS[match[0]]
    return cyrillic.upper() if word[match.start()].isupper() else cyrillic


def _in_case_of(latin: str, cyrillic: str) -> str:
    if len(latin) > 1 and latin.isupper():
        return cyrillic.upper()
    return cyrillic[:1].upper() + cyrillic[1:] if latin[:1].isupper() else cyrillic
