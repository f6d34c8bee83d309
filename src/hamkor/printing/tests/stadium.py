# SPDX-License-Identifier: Apache-2.0
"""A stadium to draw, and the small helpers to write features in metres."""

from __future__ import annotations

import math
from typing import Any

CENTRE = (69.2437, 41.2786)


def at(x_m: float, y_m: float) -> list[float]:
    """Position east and north of the centre, degrees."""
    longitude, latitude = CENTRE
    return [
        round(longitude + x_m / (111320 * math.cos(math.radians(latitude))), 7),
        round(latitude + y_m / 111320, 7),
    ]


def ring(rx_m: float, ry_m: float, start_deg: float, end_deg: float) -> list[tuple[float, float]]:
    """Points of an arc."""
    steps = max(4, int(abs(end_deg - start_deg) / 6))
    angles = [math.radians(start_deg + (end_deg - start_deg) * i / steps) for i in range(steps + 1)]
    return [(rx_m * math.cos(angle), ry_m * math.sin(angle)) for angle in angles]


def polygon(points: list[tuple[float, float]]) -> dict[str, Any]:
    """A closed outline."""
    return {"type": "Polygon", "coordinates": [[at(*p) for p in [*points, points[0]]]]}


def sector(inner: float, outer: float, start_deg: float, end_deg: float) -> dict[str, Any]:
    """A part of a stand."""
    return polygon(
        ring(outer * 1.25, outer, start_deg, end_deg) + ring(inner * 1.25, inner, end_deg, start_deg)
    )


def box(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    """A rectangle."""
    return polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def point(x_m: float, y_m: float) -> dict[str, Any]:
    """A point."""
    return {"type": "Point", "coordinates": at(x_m, y_m)}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    """A line."""
    return {"type": "LineString", "coordinates": [at(*p) for p in points]}


def feature(id_: str, kind: str, geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """A raw feature."""
    properties = {key.rstrip("_"): value for key, value in properties.items()}
    return {
        "type": "Feature",
        "id": id_,
        "geometry": geometry,
        "properties": {"kind": kind, **properties},
    }


GROUNDS: list[dict[str, Any]] = [
    feature(
        "forecourt",
        "area",
        sector(112, 150, 0, 359.9),
        use="concourse",
        name={"uz": "Tashqi maydon", "ru": "Внешняя площадь", "en": "Forecourt"},
    ),
    feature(
        "field",
        "area",
        box(-50, -32, 80, 64),
        use="standing",
        usable_area_m2=4200,
        stated_capacity=12000,
        enclosed=True,
        name={"uz": "Maydon, tik turish", "ru": "Поле, стоя", "en": "Standing field"},
    ),
    feature(
        "pit",
        "area",
        box(30, -32, 16, 64),
        use="stage_front",
        usable_area_m2=900,
        name={"uz": "Sahna oldi", "ru": "Перед сценой", "en": "Stage front"},
    ),
    feature(
        "metro-square",
        "area",
        box(-330, -60, 110, 90),
        use="square",
        name={"uz": "Metro maydoni", "ru": "Площадь у метро", "en": "Metro square"},
    ),
    feature("vip", "area", box(-12, 70, 24, 10), use="seating", seats=120, name="VIP"),
    feature(
        "stage",
        "structure",
        box(50, -20, 16, 40),
        structure="stage_roof",
        temporary=True,
        wind_limit_m_s=18,
        name={"uz": "Sahna", "ru": "Сцена", "en": "Stage"},
    ),
    feature(
        "assembly-n",
        "assembly_area",
        box(-60, 205, 120, 60),
        capacity=15000,
        name={"uz": "Shimoliy yigʻilish joyi", "ru": "Северный сбор", "en": "North assembly area"},
    ),
    feature(
        "shelter-1",
        "shelter",
        box(215, 40, 50, 40),
        capacity=3000,
        against=["rain", "lightning"],
        name={"uz": "Yopiq bozor", "ru": "Крытый рынок", "en": "Covered market"},
    ),
    feature("metro", "attractor", point(-300, -20), draws_share=0.6, name="Metro Milliy bogʻ"),
    feature(
        "approach",
        "route",
        line((-300, -20), (-240, -15), (-195, -5)),
        purpose="approach_and_dispersal",
        name={"uz": "Metrodan yoʻl", "ru": "Путь от метро", "en": "Way from the metro"},
        sections=[{"id": "bridge", "name": "Bridge", "clear_width_m": 6, "length_m": 40}],
    ),
    feature(
        "ambulance-way",
        "route",
        line((190, -190), (120, -140), (60, -60)),
        purpose="emergency_access",
        name="Ambulance way",
    ),
    feature(
        "evac-n",
        "route",
        line((0, 120), (0, 170), (0, 230)),
        purpose="evacuation",
        name={"uz": "Shimolga chiqish", "en": "North evacuation"},
    ),
    feature(
        "tunnel",
        "passage",
        line((-75, -10), (-52, -6)),
        from_="west",
        to="field",
        form="tunnel",
        clear_width_m={"low": 2.8, "high": 3.2},
        length_m=22,
        name="Players' tunnel",
    ),
]
STANDS = [("north", 45, 135), ("west", 135, 225), ("south", 225, 315), ("east", -45, 45)]
NAMES = {
    "north": {"uz": "Shimoliy tribuna", "ru": "Северная трибуна", "en": "North stand"},
    "west": {"uz": "Gʻarbiy tribuna", "ru": "Западная трибуна", "en": "West stand"},
    "south": {"uz": "Janubiy tribuna", "ru": "Южная трибуна", "en": "South stand"},
    "east": {"uz": "Sharqiy tribuna", "ru": "Восточная трибуна", "en": "East stand"},
}


def _stands() -> list[dict[str, Any]]:
    """Four stands."""
    out = []
    for name, start, end in STANDS:
        out.append(
            feature(
                name, "area", sector(62, 108, start + 1, end - 1), use="seating", seats=9000, name=NAMES[name]
            )
        )
    return out


def _gates() -> list[dict[str, Any]]:
    """Sixteen gates."""
    out = []
    for index in range(16):
        angle = math.radians(360 / 16 * index + 11)
        degrees = 360 / 16 * index + 11
        side = "north" if 45 <= degrees < 135 else "west" if 135 <= degrees < 225 else "south"
        side = "east" if degrees < 45 or degrees >= 315 else side
        x, y = 1.25 * 110 * math.cos(angle), 110 * math.sin(angle)
        out.append(
            feature(
                f"g{index + 1}",
                "opening",
                point(x, y),
                from_="forecourt",
                to=side,
                clear_width_m=3.6 if index % 3 else 2.4,
                release="push_bar",
                name={"uz": f"{index + 1}-darvoza", "ru": f"Ворота {index + 1}", "en": f"Gate {index + 1}"},
            )
        )
    return out


def _screenings() -> list[dict[str, Any]]:
    """Four banks of lanes."""
    out = []
    for index, (x, y) in enumerate([(-187, -10), (-185, 25), (187, -20), (10, -150)]):
        out.append(
            feature(
                f"t{index + 1}",
                "turnstiles",
                point(x, y),
                from_="outside",
                to="forecourt",
                lanes=12,
                lanes_staffed=10,
                screening="magnetometer",
                name=f"Screening {index + 1}",
            )
        )
    return out


def _posts() -> list[dict[str, Any]]:
    """Ten posts."""
    out = []
    for index in range(10):
        angle = math.radians(36 * index)
        out.append(
            feature(
                f"p{index + 1}",
                "post_place",
                point(1.25 * 130 * math.cos(angle), 130 * math.sin(angle)),
                post=f"post-{index + 1}",
            )
        )
    return out


def _devices() -> list[dict[str, Any]]:
    """Twelve devices."""
    out = []
    devices = ["loudspeaker", "camera", "panic_button", "defibrillator", "hydrant", "screen"]
    for index, device in enumerate(devices * 2):
        angle = math.radians(30 * index + 7)
        out.append(
            feature(
                f"d{index + 1}",
                "device",
                point(1.25 * 86 * math.cos(angle), 86 * math.sin(angle)),
                device=device,
            )
        )
    return out


def stadium_features() -> list[dict[str, Any]]:
    """A stadium with stands, gates, routes, posts and devices."""
    return [*GROUNDS, *_stands(), *_gates(), *_screenings(), *_posts(), *_devices()]
