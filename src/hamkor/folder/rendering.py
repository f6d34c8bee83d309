# SPDX-License-Identifier: Apache-2.0
"""The texts of the files of a plan: YAML and GeoJSON as a careful person would write them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import msgspec
import yaml

from hamkor.folder.keys import LAST_KEYS
from hamkor.folder.yaml_text import is_only_text
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.rules.features import Venue

LINE_WIDTH = 110
_STR = "tag:yaml.org,2002:str"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


def render_plan(plan: Plan) -> dict[str, str]:
    """Returns the text of every file of a plan by its name; unknown parts have no file."""
    texts = {}
    for part in PARTS:
        value = getattr(plan, part.name)
        if value is not None:
            body = _plain(value)
            texts[f"{part.name}.yaml"] = as_yaml({part.name: body} if part.is_list else body)
    if plan.venue is not None:
        texts["venue.geojson"] = as_geojson(plan.venue)
    return texts


def as_yaml(value: Any) -> str:
    """Returns plain values as YAML that :func:`hamkor.folder.yaml_text.read` reads as the same values."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=LINE_WIDTH,
    )


def as_geojson(venue: Venue) -> str:
    """Returns a drawing as indented GeoJSON, each position on one line."""
    features = [
        {
            "type": feature.type,
            "id": feature.id,
            "geometry": None if feature.geometry is None else _plain(feature.geometry),
            "properties": _plain(feature.properties),
        }
        for feature in venue.features
    ]
    name = {} if venue.name is None else {"name": venue.name}
    return _as_json({"type": venue.type, **name, "features": features}, "") + "\n"


def _plain(value: Any) -> Any:
    """Returns structs as dicts without defaults, integral numbers as integers, remarks and sources last."""
    return _ordered(msgspec.to_builtins(value, builtin_types=(datetime, date)))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key in LAST_KEYS)
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Dumper(yaml.CSafeDumper):
    """Writes without anchors, and quotes whatever our reader would not take for a text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = None if is_only_text(text) else "'"
    return yaml.ScalarNode(_STR, text, style=style)


def _represent_moment(dumper: Any, moment: datetime) -> yaml.ScalarNode:
    text = moment_text(moment)
    return yaml.ScalarNode(_TIMESTAMP if len(text) > len("2027-03-21 18:00") else _STR, text)


def _represent_day(dumper: Any, day: date) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TIMESTAMP, day.isoformat())


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(datetime, _represent_moment)
_Dumper.add_representer(date, _represent_day)


def moment_text(moment: datetime) -> str:
    """Returns a moment as it is written in files: ``2027-03-21 18:00``, finer only where it is finer."""
    if moment.microsecond:
        return moment.isoformat(sep=" ", timespec="microseconds")
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")


def _as_json(value: Any, margin: str) -> str:
    if isinstance(value, dict) and value:
        return _block(
            "{}", [f"{_as_json(key, '')}: {_as_json(value[key], margin + '  ')}" for key in value], margin
        )
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return _block("[]", [_as_json(item, margin + "  ") for item in value], margin)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_day_or_moment)


def _day_or_moment(value: Any) -> str:
    return moment_text(value) if isinstance(value, datetime) else str(value.isoformat())


def _block(brackets: str, members: list[str], margin: str) -> str:
    inside = ",\n".join(f"{margin}  {member}" for member in members)
    return f"{brackets[0]}\n{inside}\n{margin}{brackets[1]}"
