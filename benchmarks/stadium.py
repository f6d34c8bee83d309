# SPDX-License-Identifier: Apache-2.0
"""Writes the event folder of a stadium of 34 000 seats, as large in openings as wanted."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from hamkor.hazards.queries import list_hazards
from hamkor.norms.queries import list_duties

SEATS = 34_000
DUTY_COUNT = TASK_COUNT = 500
POST_COUNT = 300
PEOPLE_COUNT = (
    DUTY_COUNT + 1 + 2 * POST_COUNT
)  # a duty's deputy holds the next duty; each post has two shifts
CONCOURSE_COUNT = 8
OPENINGS_PER_SECTOR = 5  # two doors, two exits of the concourse, one bank of turnstiles
LANES = 120
LEAST_WIDTH_M = 1.2
EXIT_WIDTH_M = 192.0  # of all doors together, and of all exits together
CENTRE_LONGITUDE_DEG, CENTRE_LATITUDE_DEG = 69.2405, 41.2796
METRES_PER_DEG = 111_320.0
DAY = datetime.fromisoformat("2027-05-15")
AGENCIES = ("iib", "mg", "fvv", "tty", "ses", "yhx", "org", "obj")
ROLES = ("steward", "gate", "police", "medical", "fire", "crowd_monitoring")

Item = dict[str, Any]


def write_stadium(folder: Path, *, openings: int) -> None:
    """Writes the folder of a stadium.

    Args:
        folder: Where; made if missing.
        openings: Doors, exits and banks of turnstiles together, from 40 to 2 000.
    """
    folder.mkdir(parents=True, exist_ok=True)
    features = list(_features(openings))
    _write_json(folder / "venue.geojson", {"type": "FeatureCollection", "features": features})
    drawn = [item["id"] for item in features if item["properties"]["kind"] == "opening"]
    for name, content in _parts(drawn).items():
        text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _write_json(path: Path, content: Item) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _features(openings: int) -> Iterator[Item]:
    sector_count = openings // OPENINGS_PER_SECTOR
    for index in range(CONCOURSE_COUNT):
        yield _area(
            f"concourse-{index}", index / CONCOURSE_COUNT, 1 / CONCOURSE_COUNT, (112, 130), "concourse"
        )
    for index in range(sector_count):
        yield from _sector(index, sector_count)


def _sector(index: int, count: int) -> Iterator[Item]:
    """Yields one sector: its seats, two doors, a bank of turnstiles, two exits of the concourse behind it."""
    start, share = index / count, 1 / count
    sector_id, concourse_id = f"sector-{index}", f"concourse-{int(start * CONCOURSE_COUNT)}"
    seats = SEATS // count + (1 if index < SEATS % count else 0)
    yield _area(sector_id, start, share, (80, 110), "seating", seats=seats, seats_unusable=index % 7)
    width_m = round(max(LEAST_WIDTH_M, EXIT_WIDTH_M / (2 * count) * (0.9 + index % 5 * 0.05)), 2)
    for side in (0, 1):
        place = _point(start + share * (0.3 + 0.4 * side), 111)
        yield _opening(f"door-{index}-{side}", place, (sector_id, concourse_id), width_m)
    bank = {"kind": "turnstiles", "from": "outside", "to": concourse_id, "lanes": max(1, LANES // count)}
    bank |= {"screening": "none", "arrival_share": round(1 / count, 6), "name": _name("Turnstiles", index)}
    yield _feature(f"turnstiles-{index}", _point(start + share * 0.5, 131), bank)
    for side in (0, 1):
        place = _point(start + share * (0.2 + 0.6 * side), 131)
        exit_ = _opening(f"exit-{index}-{side}", place, (concourse_id, "outside"), width_m)
        exit_["properties"] |= {"departure_share": round(1 / (2 * count), 6)}
        if index % 9 == 4 and side:
            exit_["properties"] |= {"release": "staff_key", "staffed_by": [f"post-{index % POST_COUNT}"]}
        yield exit_


def _opening(opening_id: str, place: Item, ends: tuple[str, str], width_m: float) -> Item:
    properties = {"kind": "opening", "name": _name("Gate", opening_id), "from": ends[0], "to": ends[1]}
    return _feature(opening_id, place, properties | {"clear_width_m": width_m, "surface": "level"})


def _area(
    area_id: str, start: float, share: float, radii_m: tuple[int, int], use: str, **properties: Any
) -> Item:
    turns = [start + share * step / 6 for step in range(7)]
    ring = [_position(turn, radii_m[0]) for turn in turns] + [
        _position(turn, radii_m[1]) for turn in reversed(turns)
    ]
    outline = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    about = {"kind": "area", "name": _name("Sector", area_id), "use": use, "enclosed": True, "indoors": False}
    return _feature(area_id, outline, about | properties)


def _feature(feature_id: str, geometry: Item, properties: Item) -> Item:
    return {"type": "Feature", "id": feature_id, "geometry": geometry, "properties": properties}


def _name(word: str, number: object) -> Item:
    return {"en": f"{word} {number}", "ru": f"{word} № {number}", "uz": f"{number}-{word}"}


def _point(turn: float, radius_m: float) -> Item:
    return {"type": "Point", "coordinates": _position(turn, radius_m)}


def _position(turn: float, radius_m: float) -> list[float]:
    angle = 2 * math.pi * turn
    east_deg = radius_m * math.cos(angle) / METRES_PER_DEG / math.cos(math.radians(CENTRE_LATITUDE_DEG))
    north_deg = radius_m * math.sin(angle) / METRES_PER_DEG
    return [round(CENTRE_LONGITUDE_DEG + east_deg, 7), round(CENTRE_LATITUDE_DEG + north_deg, 7)]


def _at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


def _parts(drawn: list[str]) -> dict[str, Any]:
    return {
        "event": _event(),
        "attendance": _attendance(),
        "people": {"people": [_person(number) for number in range(PEOPLE_COUNT)]},
        "duties": {"duties": list(_duties(drawn))},
        "tasks": {"tasks": [_task(number) for number in range(TASK_COUNT)]},
        "posts": {"posts": [_post(number, drawn) for number in range(POST_COUNT)]},
        "stop": {"stop": [_stop()]},
        "communications": _communications(),
        "hazards": {"hazards": [_hazard(number, item.id) for number, item in enumerate(list_hazards())]},
        "staffing": {"staffing": [_force("steward", "org", 400), _force("police", "iib", 350)]},
        "medical": {"first_aiders": 40, "paramedics": 12, "nurses": 8, "doctors": 4, "ambulances": 5},
        "weather": {"watched_by": "fvv", "wind_limit_m_s": 17, "shelter_plan": "indoors"},
        "sanitation": {"toilets_women": 180, "toilets_men": 70, "urinals": 140, "wash_basins": 120},
    }


def _event() -> Item:
    organiser = {"name": "Stadium operator", "registered": True, "person": "person-0"}
    return {
        "format": "hamkor-event-1",
        "id": "stadium-benchmark",
        "name": {"en": "Match at a stadium", "ru": "Матч на стадионе", "uz": "Stadiondagi oʻyin"},
        "kind": "football",
        "extent": "complete",
        "setting": "outdoors",
        "place": {"name": "Stadium", "city": "Toshkent", "country": "UZ"},
        "doors_open_at": _at(17),
        "starts_at": _at(19),
        "ends_at": _at(21),
        "clear_by": _at(22),
        "organiser": organiser | {"event_safety_manager": "person-1"},
        "agencies": [{"agency": agency, "liaison": "person-2"} for agency in AGENCIES],
        "programme": [{"id": "match", "title": "Match", "starts_at": _at(19), "ends_at": _at(21)}],
    }


def _attendance() -> Item:
    shares = (0.1, 0.25, 0.4, 0.25)
    arrivals = [
        {"starts_at": _at(17 + step / 2), "ends_at": _at(17.5 + step / 2), "share": share}
        for step, share in enumerate(shares)
    ]
    departures = [{"starts_at": _at(21), "ends_at": _at(21.5), "share": 1.0}]
    return {
        "expected": {"low": 31_000, "high": 34_000, "grade": "B"},
        "permitted": SEATS,
        "tickets": SEATS,
        "admission": "tickets",
        "arrivals": arrivals,
        "departures": departures,
    }


def _person(number: int) -> Item:
    return {
        "id": f"person-{number}",
        "agency": AGENCIES[number % len(AGENCIES)],
        "position": f"Officer {number}",
        "name": f"Name {number}",
        "phone": f"+998 90 {number:07d}",
    }


def _duties(drawn: list[str]) -> Iterator[Item]:
    catalogue = list_duties()
    for number in range(DUTY_COUNT):
        known = catalogue[number] if number < len(catalogue) else None
        owner = known.usual_owners[0] if known is not None else AGENCIES[number % len(AGENCIES)]
        yield {
            "id": f"duty-{number}",
            **({"catalogue": known.id} if known is not None else {"title": f"Watch gate {number}"}),
            "phase": known.phase if known is not None else "conduct",
            "accountable": [owner],
            "person": f"person-{number}",
            "deputy": f"person-{number + 1}",
            "place": [drawn[number % len(drawn)]],
            "starts_at": _at(16),
            "ends_at": _at(22),
            "critical": number % 10 == 0,
        }


def _task(number: int) -> Item:
    day = -1 - number // 50
    return {
        "id": f"task-{number}",
        "title": f"Inspect gate {number}",
        "phase": "preparation",
        "agency": AGENCIES[number % len(AGENCIES)],
        "person": f"person-{number}",
        "starts_at": _at(9, day),
        "ends_at": _at(12, day),
        "duration_min": 120,
        "after": [f"task-{number + 50}"] if number + 50 < TASK_COUNT else [],
        "duty": f"duty-{number}",
    }


def _post(number: int, drawn: list[str]) -> Item:
    shift_ends = (_at(19.5), _at(22))
    return {
        "id": f"post-{number}",
        "title": f"Post {number}",
        "role": ROLES[number % len(ROLES)],
        "agency": AGENCIES[number % len(AGENCIES)],
        "place": [drawn[number * 7 % len(drawn)]],
        "critical": number % 6 == 0,
        "needed": 2,
        "confirmed": 2 - (number % 37 == 0),
        "starts_at": _at(16),
        "ends_at": _at(22),
        "shifts": [
            {
                "person": f"person-{DUTY_COUNT + 1 + number * 2 + turn}",
                "starts_at": _at(16 + 3.5 * turn),
                "ends_at": end,
            }
            for turn, end in enumerate(shift_ends)
        ],
    }


def _stop() -> Item:
    return {
        "id": "stop",
        "holder": "person-1",
        "agency": "org",
        "may": ["stop_show", "delay_start", "open_exits"],
        "deputy": "person-2",
        "signs": ["More than four people per m² anywhere"],
        "within_min": 2,
        "present": True,
        "drilled_date": date(2027, 5, 10),
    }


def _communications() -> Item:
    channels = [
        {"id": sort, "sort": sort, "network": sort, "works": True, "tested_date": date(2027, 5, 14)}
        for sort in ("radio", "phone", "public_address", "runner")
    ]
    links = [
        {
            "id": f"link-{number}",
            "between": [f"post-{number}", "person-1"],
            "critical": number % 6 == 0,
            "primary": "radio",
            "alternate": "phone",
            "contingency": "runner",
        }
        for number in range(POST_COUNT)
    ]
    return {"channels": channels, "links": links, "joint_command_post": True}


def _hazard(number: int, catalogue_id: str) -> Item:
    controls = [{"title": "A measure", "owner": "org", "state": "in_place"}]
    return {
        "id": f"hazard-{number}",
        "catalogue": catalogue_id,
        "likelihood": 1 + number % 5,
        "impact": 1 + number % 4,
        "owner": AGENCIES[number % len(AGENCIES)],
        "controls": controls,
    }


def _force(role: str, agency: str, people: int) -> Item:
    return {
        "id": role,
        "agency": agency,
        "role": role,
        "planned": people,
        "confirmed": people,
        "trained": True,
    }
