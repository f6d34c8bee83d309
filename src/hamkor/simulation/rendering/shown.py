# SPDX-License-Identifier: Apache-2.0
"""What every picture shares: names, clock, numbers and sentences in a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hamkor.common.i18n import format_number
from hamkor.common.messages import N_, Message, show
from hamkor.simulation.measures.judging import duration_text
from hamkor.simulation.rules.outcome import Band
from hamkor.simulation.rules.scenario import Scenario

METHODS = {
    "network": N_("queueing network"),
    "guided": N_("best a guided crowd can do"),
    "micro": N_("every person walking"),
}
DIRECTIONS = {"ingress": N_("Coming in"), "egress": N_("Leaving"), "evacuate": N_("Leaving at once")}
MINUTE_S = 60.0


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How things are called where they are shown.

    Args:
        language: One of the four languages.
        names: What people call features, by id.
        zone: Time zone of the event.
    """

    language: str
    names: Mapping[str, Any] = {}
    zone: str = "UTC"

    def say(self, text: str, **facts: Any) -> str:
        """Returns a text marked with ``N_`` in the language, with its values."""
        return Message(text, facts).render(self.language)

    def name(self, feature: str) -> str:
        """Returns what people call a feature."""
        return show(self.names.get(feature, feature), self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Returns a number as people of the language write it."""
        return format_number(round(value, decimals), self.language)

    def duration(self, seconds: float) -> str:
        """Returns how long something takes."""
        return duration_text(seconds).render(self.language)

    def span(self, seconds: float) -> str:
        """Returns how long something takes as `min:s`, from an hour on as `h:min:s`, for tables and charts."""
        whole = round(max(seconds, 0.0))
        minutes, rest = divmod(whole, 60)
        if minutes < 60:
            return f"{minutes}:{rest:02d}"
        return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"

    def clock(self, scenario: Scenario, second: float, *, seconds: bool = False) -> str:
        """Returns the local time of a second, or the time from the start when the question has no clock."""
        if scenario.starts_at is None:
            return self.span(second) if seconds else f"{second / MINUTE_S:.0f}"
        moment = (scenario.starts_at + timedelta(seconds=second)).astimezone(ZoneInfo(self.zone))
        return moment.strftime("%H:%M:%S" if seconds else "%H:%M")

    def time_title(self, scenario: Scenario) -> str:
        """Returns the title of an axis of time."""
        if scenario.starts_at is None:
            return self.say(N_("Minutes from the start"))
        return self.say(N_("Local time"))

    def band(self, band: Band | None, *, unit: str = "duration") -> str:
        """Returns a number with its band in brackets, `–` for none."""
        if band is None:
            return "–"
        decimals = 1 if unit == "density" else 0
        write = self.span if unit == "duration" else lambda value: self.number(value, decimals)
        middle, low, high = write(band.middle), write(band.low), write(band.high)
        return middle if low == high else f"{middle} ({low}–{high})"

    def difference(self, value: float | None, *, unit: str = "duration") -> str:
        """Returns a difference with its sign, such as `+170 s`; empty for none."""
        if value is None:
            return ""
        decimals = 1 if unit == "density" else 0
        size = round(abs(value), decimals)
        sign = "±" if size == 0 else "+" if value > 0 else "−"
        if unit == "duration":
            return self.say(N_("{sign}{seconds} s"), sign=sign, seconds=size)
        return f"{sign}{self.number(size, decimals)}"

    def title(self, scenario: Scenario) -> str:
        """Returns the heading of a picture about a question."""
        named = f": {scenario.name}" if scenario.name else ""
        return f"{self.say(DIRECTIONS[scenario.direction])}{named} ({self.say(METHODS[scenario.method])})"
