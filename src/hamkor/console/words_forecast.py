# SPDX-License-Identifier: Apache-2.0
"""What the forecast of the next minutes says: the layer of the map, cards, the chart, and what if a gate shuts."""

from __future__ import annotations

from hamkor.common.messages import N_
from hamkor.forecasts.rules.forecast import TROUBLES

LAYER: dict[str, str] = {
    "layer.forecast": N_("In 10 minutes"),
    "forecast.badge": N_("FORECAST +{minutes} min"),
    "forecast.badge_now": N_("Forecast: now, as measured"),
    "forecast.now": N_("now"),
    "forecast.plus": N_("+{minutes} min"),
    "forecast.slider": N_("Minutes ahead"),
    "forecast.band": N_("({low}–{high})"),
    "forecast.back": N_("Back to what is measured"),
    "forecast.made": N_("made"),
    "forecast.stale": N_("This forecast is old and shown in grey."),
    "forecast.gaps": N_("{count} counts missing"),
    "forecast.gaps_title": N_("Not counted, or not heard of lately"),
    "forecast.gap_missing": N_("nobody counts there"),
    "forecast.gap_stale": N_("last heard {seconds} s before"),
    "forecast.rests_on": N_("What this rests on"),
    "forecast.map_label": N_("Map of the venue: forecast for {minutes} minutes ahead, not what is measured"),
    "forecast.told_on": N_("The map shows the forecast for {minutes} minutes ahead."),
    "forecast.told_off": N_("The map shows what is measured."),
    "forecast.legend": N_("Hatched: forecast, not measured"),
    "legend.forecast_density": N_("Forecast: people per m²"),
    "legend.forecast_fill": N_("Forecast: share of the capacity"),
}
SENTENCES: dict[str, str] = {
    "forecast.error": N_("{before} min ago we said {said}, it is {was}: {off}; average error {mean} %"),
    "forecast.error_unknown": N_("How well it holds is not yet known: ten minutes must pass."),
    "forecast.exact": N_("right"),
    "forecast.low": N_("{share} % low"),
    "forecast.high": N_("{share} % high"),
    "forecast.held": N_("So far"),
    "forecast.in_min": N_("In {minutes} min"),
    "forecast.reach": N_("reaches {what} in about {middle} min ({range})"),
    "forecast.reach_now": N_("reaches {what} within a minute"),
    "forecast.reach_maybe": N_("may reach {what}, in {soonest} min at the soonest"),
    "forecast.from": N_("from {soonest}"),
    "forecast.capacity": N_("its limit of {count}"),
    "forecast.over": N_("over {value}"),
    "forecast.guessed": N_("Nobody counts here: an estimate from who is inside."),
    "forecast.flow": N_("{flow} pass per minute"),
    "forecast.queue": N_("{count} wait ({low}–{high}), {wait}"),
    "forecast.no_queue": N_("no queue"),
    "forecast.no_wait": N_("hardly a wait"),
    "forecast.wait": N_("wait {time}"),
    "forecast.minutes": N_("{minutes} min"),
    "forecast.column_queue": N_("Queue"),
    "forecast.column_wait": N_("Wait"),
    "forecast.chart_key": N_("forecast, with its band"),
    "forecast.trouble_none": N_(
        "No forecast has come yet: one is made twice a minute while the operation is open."
    ),
    "forecast.trouble_past": N_("No forecast was kept of this minute."),
}
WHAT_IF: dict[str, str] = {
    "what_if.ask": N_("What if it shuts?"),
    "what_if.title": N_("What if: {name}"),
    "what_if.badge": N_("What if"),
    "what_if.says": N_("A question to the forecast. Nothing is closed, and nothing is written down."),
    "what_if.how": N_("How much of it is left"),
    "what_if.shut": N_("shut"),
    "what_if.half": N_("half"),
    "what_if.open": N_("open"),
    "what_if.in_min": N_("In {minutes} minutes, against the forecast as things stand:"),
    "what_if.same": N_("In {minutes} minutes it makes no difference anybody would notice."),
    "what_if.left_out": N_("Smaller differences not listed: {count}"),
    "what_if.failed": N_("The question could not be answered. Ask again."),
}
LINE: dict[str, str] = {
    "keys.forecast": N_("Map in 10 minutes, and back"),
    "line.names_f": N_("f forecast ahead"),
    "line.help_f": N_("show the map in 5, 10 or 30 minutes; 0 goes back"),
    "line.does_f": N_("Forecast"),
    "line.slot_minutes": N_("minutes"),
}
FORECAST: dict[str, str] = {
    **LAYER,
    **SENTENCES,
    **WHAT_IF,
    **LINE,
    **{f"forecast.trouble_{code.replace('-', '_')}": text for code, text in TROUBLES.items()},
}
