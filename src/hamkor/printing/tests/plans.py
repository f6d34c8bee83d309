# SPDX-License-Identifier: Apache-2.0
"""Plans and reports to print: a rich one, one without coordinates, a bare one, a hostile one."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import msgspec

from hamkor.checks.queries import Report
from hamkor.checks.rules.findings import Finding, Subject
from hamkor.common.figures import Range
from hamkor.common.messages import Message
from hamkor.plans.rules.plan import PARTS, Plan
from hamkor.venues.rules.features import Venue

CENTRE = (69.2437, 41.2786)
HOSTILE = "<script>alert('x')</script> & \"]]> #set text(red) $x$ \x1b[31m \u202e {0} *b* `c` |d| --> é"


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


def stadium_features() -> list[dict[str, Any]]:
    """A stadium with stands, gates, routes, posts and devices."""
    stands = [("north", 45, 135), ("west", 135, 225), ("south", 225, 315), ("east", -45, 45)]
    names = {
        "north": {"uz": "Shimoliy tribuna", "ru": "Северная трибуна", "en": "North stand"},
        "west": {"uz": "Gʻarbiy tribuna", "ru": "Западная трибуна", "en": "West stand"},
        "south": {"uz": "Janubiy tribuna", "ru": "Южная трибуна", "en": "South stand"},
        "east": {"uz": "Sharqiy tribuna", "ru": "Восточная трибуна", "en": "East stand"},
    }
    out = [
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
    for name, start, end in stands:
        out.append(
            feature(
                name, "area", sector(62, 108, start + 1, end - 1), use="seating", seats=9000, name=names[name]
            )
        )
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


def venue_of(features: list[dict[str, Any]]) -> Venue:
    """A venue of raw features."""
    return msgspec.convert({"type": "FeatureCollection", "features": features}, Venue)


def without_coordinates(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same features, undrawn."""
    return [{**item, "geometry": None} for item in features]


def plan_of(venue: Venue | None = None, **parts: Any) -> Plan:
    """A plan of raw parts."""
    values: dict[str, Any] = {}
    for part in PARTS:
        if part.name in parts:
            wanted = tuple[part.body, ...] if part.is_list else part.body  # type: ignore[name-defined]
            values[part.name] = msgspec.convert(parts[part.name], wanted)
    return Plan(**values, venue=venue)


def bare_plan(**event: Any) -> Plan:
    """A plan of which almost nothing is known."""
    return plan_of(event={"format": "hamkor-event-1", "id": "bare", "name": "Bare", "kind": "fair", **event})


def hostile_plan() -> Plan:
    """A plan whose every name tries to break out."""
    rich = msgspec.to_builtins(rich_plan())

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: poisoned(v, k) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [poisoned(item, key) for item in value]
        names = {
            "name",
            "title",
            "uz",
            "ru",
            "en",
            "text",
            "answer",
            "note",
            "message",
            "trigger",
            "action",
            "position",
            "wind_action",
            "holder",
        }
        return HOSTILE if key in names and isinstance(value, str) else value

    return msgspec.convert(poisoned(rich), Plan)


def rich_plan() -> Plan:
    """A plan with every part."""
    d = datetime
    return plan_of(
        venue_of(stadium_features()),
        event={
            "format": "hamkor-event-1", "id": "navruz-2027", "kind": "concert_pop", "extent": "complete",
            "name": {"uz": "Navroʻz 2027 konserti", "ru": "Концерт «Навруз-2027»", "en": "Navruz 2027 concert"},
            "setting": "outdoors", "category": 1,
            "place": {"name": {"uz": "Milliy stadion", "ru": "Национальный стадион", "en": "National stadium"},
                      "city": {"uz": "Toshkent", "ru": "Ташкент", "en": "Tashkent"}, "country": "UZ"},
            "starts_at": d(2027, 3, 21, 18), "ends_at": d(2027, 3, 21, 22, 30),
            "doors_open_at": d(2027, 3, 21, 15, 30),
            "organiser": {"name": {"uz": "Bahor konsert MChJ", "en": "Bahor Concerts LLC"}, "registered": True,
                          "event_safety_manager": "safety"},
            "agencies": [{"agency": code} for code in ("iib", "mg", "fvv", "tty", "ses", "yhx", "hok", "org", "obj")],
            "programme": [{"id": "open", "title": {"uz": "Ochilish", "en": "Opening"},
                           "starts_at": d(2027, 3, 21, 18)},
                          {"id": "star", "title": {"uz": "Asosiy chiqish", "en": "Headline act"},
                           "starts_at": d(2027, 3, 21, 20, 30), "ends_at": d(2027, 3, 21, 22), "critical": True}],
            "alcohol": "none", "paid": True,
        },
        attendance={"expected": 34000, "peak": {"low": 32000, "high": 36000}, "permitted": 36000,
                    "tickets": 34500, "admission": "tickets", "composition": {"audience": "young_adults"}},
        legal={"permit": {"state": "issued", "number": "12-44", "issued_date": date(2027, 2, 20)},
               "security_contract": {"state": "drafted"},
               "certificate": {"state": "issued", "capacity": 36000, "valid_until_date": date(2027, 12, 31)},
               "conclusions": [{"heading": "fire", "result": "positive", "by": "fvv", "on_date": date(2027, 3, 1)},
                               {"heading": "structure", "result": "pending"}]},
        people=[
            {"id": "coord", "agency": "iib", "position": {"uz": "Koordinator", "en": "Coordinator"},
             "name": "A. Karimov", "phone": "+998 71 200 00 00"},
            {"id": "mgc", "agency": "mg", "position": {"uz": "Qism komandiri", "en": "Unit commander"}},
            {"id": "fire", "agency": "fvv", "position": {"uz": "Yongʻin boshligʻi", "en": "Fire commander"}},
            {"id": "medic", "agency": "tty", "position": {"uz": "Tibbiy rahbar", "en": "Medical commander"}},
            {"id": "safety", "agency": "org", "position": {"uz": "Xavfsizlik menejeri", "en": "Safety manager"}},
            {"id": "gatechief", "agency": "obj", "position": {"uz": "Darvozalar boshligʻi", "en": "Head of gates"}},
        ],
        duties=[
            {"id": "permit", "catalogue": "apply-for-permit", "phase": "preparation", "accountable": ["org"],
             "supporting": ["obj"], "person": "safety", "deputy": "gatechief"},
            {"id": "evac", "phase": "preparation", "accountable": ["fvv"], "supporting": ["iib", "mg", "hok"],
             "title": {"uz": "Evakuatsiya yoʻllarini belgilash", "ru": "Определить пути эвакуации",
                       "en": "Set the evacuation routes"},
             "person": "fire", "deputy": "safety"},
            {"id": "screening", "phase": "preparation", "accountable": ["iib", "mg"], "supporting": ["org"],
             "title": {"uz": "Kirishda tekshiruv", "ru": "Досмотр на входе", "en": "Screening at the entry"},
             "person": "coord"},
            {"id": "transport", "phase": "preparation", "accountable": [], "supporting": ["iib", "hok"],
             "title": {"uz": "Jamoat transporti rejasi", "ru": "План общественного транспорта",
                       "en": "Plan of public transport"}},
            {"id": "stop", "phase": "conduct", "accountable": ["iib"], "supporting": ["fvv", "tty", "org"],
             "title": {"uz": "Toʻxtatish qarori", "ru": "Решение об остановке", "en": "Decision to stop"},
             "person": "coord", "deputy": "mgc", "critical": True},
            {"id": "med", "phase": "conduct", "accountable": ["tty"], "supporting": ["iib", "org"],
             "title": {"uz": "Tibbiy postlar", "ru": "Медицинские посты", "en": "Medical posts"},
             "person": "medic", "deputy": "none"},
            {"id": "review", "phase": "analysis", "title": {"uz": "Tahlil", "en": "Review"}},
        ],
        tasks=[
            {"id": "t1", "phase": "preparation", "agency": "fvv",
             "title": {"uz": "Chiqishlarni koʻrik", "en": "Inspect exits"},
             "starts_at": d(2027, 3, 21, 10), "ends_at": d(2027, 3, 21, 12)},
            {"id": "t2", "phase": "preparation", "agency": "org",
             "title": {"uz": "Turniketlarni sinash", "en": "Test turnstiles"},
             "starts_at": d(2027, 3, 21, 12), "duration_min": 60, "after": ["t1"]},
            {"id": "t3", "phase": "conduct", "agency": "iib",
             "title": {"uz": "Kirishni ochish", "en": "Open the entry"},
             "starts_at": d(2027, 3, 21, 15, 30), "after": ["t2"]},
            {"id": "t4", "phase": "analysis", "title": {"uz": "Hisobot", "en": "Report"}},
        ],
        posts=[
            {"id": f"post-{i}", "title": {"uz": f"{i}-post", "ru": f"Пост {i}", "en": f"Post {i}"},
             "role": role, "agency": agency, "needed": 6 + i, "confirmed": 5 + i if i != 3 else None,
             "critical": i < 3, "place": [f"g{i}"], "starts_at": d(2027, 3, 21, 14), "ends_at": d(2027, 3, 21, 23, 30)}
            for i, (role, agency) in enumerate(
                [("gate", "obj"), ("police", "iib"), ("medical", "tty"), ("steward", "org"), ("fire", "fvv"),
                 ("guard", "mg"), ("traffic", "yhx"), ("command", "iib"), ("information", "org"), ("patrol", "iib")], 1)
        ],
        staffing=[{"id": "stewards", "agency": "org", "role": "steward", "planned": 250,
                   "confirmed": {"low": 180, "high": 220}, "reserve": 20, "trained": True},
                  {"id": "police", "agency": "iib", "role": "police", "planned": 340, "confirmed": 340}],
        means=[{"id": "amb", "title": {"uz": "Reanimobil", "en": "Ambulance"}, "sort": "ambulance", "number": 6,
                "ready": 5, "agency": "tty"},
               {"id": "det", "title": {"uz": "Ramkali detektor", "en": "Walk-through detector"},
                "sort": "metal_detector", "number": 48, "agency": "org"}],
        communications={
            "joint_command_post": True,
            "channels": [{"id": "tetra", "sort": "radio", "title": "TETRA 1", "network": "tetra", "works": True},
                         {"id": "gsm", "sort": "phone", "title": {"uz": "Mobil", "en": "Mobile"}, "network": "gsm"},
                         {"id": "pa", "sort": "public_address", "languages": ["uz", "ru", "en"], "works": True},
                         {"id": "run", "sort": "runner"}],
            "links": [{"id": "cmd", "title": {"uz": "Shtab – darvoza 9", "en": "Command – gate 9"},
                       "between": ["post-8", "post-1"], "critical": True, "primary": "tetra", "alternate": "gsm",
                       "contingency": "run", "emergency": "none"},
                      {"id": "crowd", "between": ["iib", "public"], "critical": True, "primary": "pa",
                       "alternate": "none"}]},
        hazards=[
            {"id": "crush", "title": {"uz": "Sahna oldida siqilish", "ru": "Давка у сцены", "en": "Crush at the stage"},
             "likelihood": 3, "impact": 5, "owner": "iib", "person": "coord", "place": ["pit"],
             "controls": [{"title": {"uz": "Toʻsiqlar", "en": "Barriers"}, "owner": "org", "state": "in_place"},
                          {"title": {"uz": "Sanash", "en": "Counting"}, "state": "missing"}],
             "contingencies": ["stop-show"]},
            {"id": "storm", "catalogue": "thunderstorm", "likelihood": 2, "impact": 4, "owner": "fvv"},
            {"id": "heat", "catalogue": "heat", "owner": "none", "controls": []},
            {"id": "fire", "title": {"uz": "Yongʻin", "en": "Fire"}, "likelihood": 2, "impact": 4, "owner": "fvv",
             "controls": []},
        ],
        contingencies=[
            {"id": "stop-show", "title": {"uz": "Zichlik 4 kishi/m²", "en": "Density reaches 4 people/m²"},
             "hazards": ["crush"], "trigger": {"uz": "Kamera yoki post xabari", "en": "Report of camera or post"},
             "decides": "coord",
             "steps": [{"action": {"uz": "Musiqani toʻxtatish", "en": "Stop the music"}, "owner": "org",
                        "within_min": 1},
                       {"action": {"uz": "Yon chiqishlarni ochish", "en": "Open the side exits"}, "owner": "obj",
                        "within_min": 3},
                       {"action": {"uz": "Odamlarni yoʻnaltirish", "en": "Lead people away"}}],
             "message": {"uz": "Iltimos, orqaga bir qadam qoʻying.", "en": "Please take one step back."}},
            {"id": "storm", "title": {"uz": "Momaqaldiroq", "en": "Thunderstorm"}},
        ],
        stop=[{"id": "s1", "holder": "coord", "agency": "iib", "may": ["stop_show", "evacuate", "open_exits"],
               "deputy": "mgc", "signs": [{"uz": "4 kishi/m²", "en": "4 people/m²"}], "within_min": 2,
               "steps": ["coord", "safety", "stage manager"], "channel": "tetra", "present": True,
               "drilled_date": date(2027, 3, 14)}],
        warnings=[{"id": "w1", "received_date": date(2027, 3, 3), "from": {"uz": "Mahalla", "en": "Mahalla"},
                   "text": {"uz": "9-darvoza yoʻli tor.", "en": "The way to gate 9 is narrow."},
                   "written": True, "state": "answered", "answer": {"uz": "Toʻsiq olindi.", "en": "Barrier removed."}},
                  {"id": "w2", "text": {"uz": "Metro 22:30 da yopiladi.", "en": "The metro closes at 22:30."}}],
        force=[{"id": "f1", "measure": "irritant", "allowed": False}],
        segregation=[],
        inspections=[{"id": "i1", "subject": {"uz": "Sahna tomi", "en": "Stage roof"}, "field": "structure",
                      "result": "conditional", "faults": [{"uz": "Ballast yetmaydi", "en": "Ballast is short"}],
                      "on_date": date(2027, 3, 15)}],
        history=[{"id": "h1", "title": {"uz": "Navroʻz 2026", "en": "Navruz 2026"}, "on_date": date(2026, 3, 21),
                  "attendance": 28000, "outcome": "near_miss",
                  "what": {"uz": "9-darvozada siqilish", "en": "Crowding at gate 9"},
                  "lessons": [{"text": {"uz": "Yoʻlaklarni koʻpaytirish", "en": "Add lanes"}, "done": False}]}],
        medical={"first_aiders": 24, "paramedics": 12, "doctors": 4, "ambulances": 6,
                 "response_min": {"low": 3, "high": 6},
                 "commander": "medic", "mass_casualty_plan": True, "access_route": "ambulance-way"},
        sanitation={"toilets_women": 120, "toilets_men": 40, "water_points": 30},
        weather={"watched_by": "fvv", "wind_limit_m_s": 18, "shelter_plan": "shelters", "forecast_gust_m_s": 11},
        effects=[{"id": "e1", "sort": "pyrotechnics", "title": {"uz": "Yakuniy salyut", "en": "Final fireworks"},
                  "distance_to_public_m": 40, "required_distance_m": 60, "permitted": True}],
    )  # fmt: skip


def finding(rule: str, severity: str, subject: Subject, **values: Any) -> Finding:
    """A finding with texts that say something."""
    given: dict[str, Any] = {
        "title": Message("Too few lanes at the busiest hour"),
        "message": Message("In the busiest hour {people} people come to {subject}.", {
            "people": 20400, "subject": subject.shown()}),
        "action": Message("Add {lanes} lanes or open at 15:30.", {"lanes": 3}),
        "measured": None, "limit": None, "unit": "", "ratio": None, "assumptions": (),
        "sources": ("Green Guide, 6th edition, 2018",), "robustness": "not_applicable",
        "fails_under": (), "passes_under": (),
    }  # fmt: skip
    return Finding(
        rule=rule, family=rule.partition("-")[0], severity=severity, subject=subject, **{**given, **values}
    )


def rich_report(plan: Plan | None = None) -> Report:
    """A report with every kind of number."""
    exactly = Range.exactly
    gate = Subject(
        "turnstiles", "t1", {"uz": "Gʻarbiy tekshiruv", "ru": "Западный досмотр", "en": "West screening"}
    )
    pit = Subject("area", "pit", {"uz": "Sahna oldi", "ru": "Перед сценой", "en": "Stage front"})
    duty = Subject("duty", "transport", {"uz": "Jamoat transporti rejasi", "en": "Plan of public transport"})
    findings = (
        finding("ENT-003", "red", gate, measured=exactly(20400), limit=exactly(19200), ratio=exactly(1.0625),
                unit="people/h", assumptions=(Message("Magnetometer, {n} people per hour and lane.", {"n": 400}),),
                robustness="some", fails_under=("green-guide-2018",), passes_under=("nfpa-101-2018",)),
        finding("DUTY-001", "red", duty, title=Message("Nobody answers for a duty"),
                message=Message("No agency answers for it."), action=Message("Name one agency."),
                sources=("uz-cm-205-2014-p2-coord",)),
        finding("CAP-002", "amber", pit, measured=Range(2600, 3000, 3400), limit=exactly(2700),
                ratio=Range(0.963, 1.111, 1.26), unit="people", title=Message("The area may be too full"),
                robustness="every", fails_under=("green-guide-2018", "nfpa-101-2018")),
        finding("EGR-001", "amber", Subject("area", "west", "West"), measured=exactly(math.inf), limit=exactly(8),
                ratio=exactly(math.inf), unit="min", title=Message("Nobody can get out")),
        finding("PLAN-001", "info", Subject("part", "sanitation"), title=Message("A part is not known"),
                message=Message("Wash basins are not given."), action=Message("Write how many there are.")),
    )  # fmt: skip
    return Report(plan or rich_plan(), "green-guide-2018", findings)
