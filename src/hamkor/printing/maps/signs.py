# SPDX-License-Identifier: Apache-2.0
"""Small signs: posts as numbered squares, devices as little pictures."""

from __future__ import annotations

from typing import Any

from hamkor.plans.rules.plan import Plan
from hamkor.printing.maps.projection import Drawing
from hamkor.printing.maps.sheet import SYMBOLS_MAX, Sheet
from hamkor.printing.maps.svg import PAPER, element, text
from hamkor.printing.shown import agency_name, say
from hamkor.printing.words import kind_word, word
from hamkor.venues.rules.features import Device, PostPlace

POST_FILL = "#24506f"
DEVICE_INK = "#33434f"
# Pictures inside a box of 12 by 12.
PICTURES = {
    "loudspeaker": "M1 4 h3 l4 -3 v10 l-4 -3 h-3 z M9.5 4 q2 2 0 4",
    "camera": "M1 3.5 h6.5 v5 h-6.5 z M7.5 5.5 l3.5 -2 v5 l-3.5 -2 z",
    "counter": "M3.5 1 v10 M8 1 v10 M1 4 h10 M1 8 h10",
    "panic_button": "M6 1.5 a4.5 4.5 0 1 0 0.01 0 z M6 4 a2 2 0 1 1 -0.01 0 z",
    "defibrillator": "M7 0.5 l-4.5 6.5 h3 l-1 4.5 l5 -6.5 h-3 z",
    "extinguisher": "M4 4 h4 v7.5 h-4 z M5 1 h2 v2 h-2 z M7 1.5 l3 1.5",
    "hydrant": "M4 3 h4 v8 h-4 z M2 5.5 h8 v2 h-8 z M5 1 h2 v2 h-2 z",
    "siren": "M2.5 9 v-3 a3.5 3.5 0 0 1 7 0 v3 z M1.5 10 h9",
    "screen": "M0.8 2.5 h10.4 v6 h-10.4 z M4 10.5 h4",
    "emergency_light": "M6 3.5 a2.5 2.5 0 1 0 0.01 0 z M6 0.5 v1.6 M6 9.9 v1.6 M0.5 6 h1.6 M9.9 6 h1.6",
    "fire_alarm": "M6 1 q3.5 1 3.5 5 l1 3 h-9 l1 -3 q0 -4 3.5 -5 z M5 10.5 h2",
    "other": "M6 3.5 a2.5 2.5 0 1 0 0.01 0 z",
}


def draw_devices(sheet: Sheet, drawing: Drawing) -> None:
    """Draws every device as a small picture; the legend explains each sort with its count."""
    devices = [item for item in drawing.named() if isinstance(item.feature.properties, Device)]
    counts: dict[str, int] = {}
    for index, item in enumerate(devices):
        properties: Any = item.feature.properties
        counts[properties.device] = counts.get(properties.device, 0) + 1
        at = item.shape.centroid
        if index < SYMBOLS_MAX:
            sheet.add("signs", device_sign(properties.device, at.x, at.y))
    for device, count in counts.items():
        sheet.explain(f"{word(device, sheet.language)} × {count}", device_sign(device, 15, 9))


def draw_posts(sheet: Sheet, drawing: Drawing, plan: Plan) -> None:
    """Draws every post as a square with its number; the legend names it."""
    posts = {post.id: post for post in plan.posts or ()}
    for item in drawing.named():
        properties = item.feature.properties
        if not isinstance(properties, PostPlace):
            continue
        post = posts.get(properties.post)
        name = properties.name or (post.title if post is not None else properties.post)
        agency = f" · {agency_name(post.agency, sheet.language)}" if post is not None else ""
        entry = sheet.number(f"{say(name, sheet.language)}{agency}")
        at = item.shape.centroid
        sheet.add("signs", post_sign(at.x, at.y, "" if entry is None else str(entry)))
        sheet.explain(kind_word("post_place", sheet.language), post_sign(15, 9, ""))


def post_sign(x: float, y: float, label: str) -> str:
    """Returns a square with a number."""
    square = element(
        "rect", x=x - 9, y=y - 8, width=18, height=16, rx=3, fill=POST_FILL, stroke=PAPER, stroke_width=1.6
    )
    if not label:
        return square
    size = 10.5 if len(label) < 3 else 8.5
    return square + text(x, y + size * 0.36, label, size=size, bold=True, fill=PAPER, text_anchor="middle")


def device_sign(device: str, x: float, y: float) -> str:
    """Returns the picture of a device in a circle."""
    circle = element("circle", cx=x, cy=y, r=8.5, fill=PAPER, stroke=DEVICE_INK, stroke_width=1)
    picture = element(
        "path",
        d=PICTURES[device],
        fill="none" if device in {"counter", "screen"} else DEVICE_INK,
        fill_rule="evenodd",
        stroke=DEVICE_INK,
        stroke_width=0.9,
        transform=f"translate({x - 5.4:.1f} {y - 5.4:.1f}) scale(0.9)",
    )
    return circle + picture
