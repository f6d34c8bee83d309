# SPDX-License-Identifier: Apache-2.0
"""NECK: no narrow section, along whole routes, is asked to pass more people than it can, both ways together."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.arrivals import TwoWay, two_way_periods
from hamkor.checks.rules.context import Context, profile_assumption
from hamkor.checks.rules.emptying import UNKNOWN_CAPACITY_PER_MIN, Edge, NetworkResult, worst_cut
from hamkor.checks.rules.findings import Found, Severity, judge
from hamkor.checks.rules.registry import range_shown, rule
from hamkor.checks.rules.robustness import across_profiles
from hamkor.checks.rules.sections import Neck, list_necks, one_way_per_h
from hamkor.common.figures import Range
from hamkor.common.messages import N_, Message
from hamkor.crowd.rules.connections import is_bounded
from hamkor.crowd.rules.density import density_table
from hamkor.crowd.rules.profiles import FlowProfile
from hamkor.venues.rules.features import OUTSIDE, Passage, Turnstiles

GREEN_GUIDE = "Green Guide, 6th ed. 2018, ch. 10"
STILL = "Still, Introduction to Crowd Science (2014)"
# Below half of its capacity a two-way section sorts itself into lanes; above, the lanes break.
EASY_TWO_WAY_RATIO = 0.5
OPEN_ADMISSION = frozenset({"free", "open_street"})


@rule(
    "NECK-001",
    title=N_("More people than a narrow section passes"),
    says=N_(
        "{measured} people an hour want to pass {subject}, both ways together; it passes {limit}: {ratio} times "
        "as many."
    ),
    do=N_("Bring the flow at {subject} below {limit} an hour: a second way, one-way use, or fewer people."),
    why=N_(
        "A crowd stops at the narrowest place of the whole way, not at the gate that was counted. Love Parade "
        "2010: 145 000 an hour were planned, in and out, through one ramp that passes less than half of that."
    ),
    severity=N_("Red when demand exceeds capacity over the whole range of the figures, amber when it may."),
    unit="people/h",
    sources=(GREEN_GUIDE, STILL),
)
def overloaded_section(context: Context) -> Iterator[Found]:
    """Yields a finding for every section whose demand, both ways together, exceeds its capacity."""
    for neck in list_necks(context):
        capacity = neck.capacity_per_h(context.profile)
        if neck.demand is None or capacity is None:
            continue
        demand = neck.demand.both_per_h
        ratio = demand / capacity
        severity = judge(ratio)
        if severity is None:
            continue

        def ratio_at(profile: FlowProfile, neck: Neck = neck, demand: Range = demand) -> Range | None:
            other = neck.capacity_per_h(profile)
            return None if other is None else demand / other

        fails, passes = across_profiles(context, ratio_at)
        yield Found(
            subject=neck.subject,
            severity=severity,
            measured=demand,
            limit=capacity,
            ratio=ratio,
            assumptions=_assumptions(context, neck),
            fails_under=fails,
            passes_under=passes,
        )


def _assumptions(context: Context, neck: Neck) -> tuple[Message, ...]:
    if neck.stated_per_h is not None:
        return (Message(N_("Capacity as assessed in the plan, all estimates tried.")),)
    assumed = [profile_assumption(context.profile)]
    if neck.is_two_way:
        assumed.append(
            Message(
                N_("Two-way use leaves {factor} of the one-way flow."),
                {"factor": context.profile.two_way_factor},
            )
        )
    return tuple(assumed)


@rule(
    "NECK-002",
    title=N_("A narrow section used both ways"),
    says=N_("People walk both ways through {subject} ({width}) at the same time."),
    do=N_(
        "Make {subject} one-way while many pass, with people and fences that keep it so, or part the streams."
    ),
    why=N_(
        "Two streams that meet in a narrow place lock: nobody can step aside, those behind keep coming. It "
        "happened in Itaewon 2022, on the Phnom Penh bridge 2010, in Duisburg 2010 and in Mina 2015."
    ),
    severity=N_(
        "With planned flows: amber above half of the capacity, info below. Without: red when an unlimited crowd is "
        "larger than an hour of flow through less than 5 m; amber when it is so in a wider one, or may be narrower "
        "than 5 m; info when the whole crowd is less than half an hour of flow."
    ),
    unit="people/h",
    sources=(STILL, "Itaewon special investigation, 2023"),
)
def two_way_section(context: Context) -> Iterator[Found]:
    """Yields a finding for every section the plan uses both ways at once."""
    for neck in list_necks(context):
        if not neck.is_two_way:
            continue
        severity, demand = _two_way_severity(context, neck)
        is_worth_telling = severity != "info" and _is_way_of_many(context, neck)
        if not _is_mass_flow(context, neck) and not is_worth_telling:
            continue
        capacity = neck.capacity_per_h(context.profile)
        yield Found(
            subject=neck.subject,
            severity=severity,
            measured=demand,
            limit=capacity,
            ratio=demand / capacity if demand is not None and capacity is not None else None,
            facts={"width": _width_shown(neck)},
            assumptions=_assumptions(context, neck) if capacity is not None else (),
        )


def _width_shown(neck: Neck) -> Message:
    if neck.width_m is None:
        return Message(N_("width not known"))
    return Message(N_("{width} m"), {"width": range_shown(neck.width_m)})


def _is_mass_flow(context: Context, neck: Neck) -> bool:
    """Returns True when the two-way use falls into arrival or departure, or the event is one long flow."""
    in_flow = any(neck.use.get(phase) == "both" for phase in ("ingress", "egress"))
    return in_flow or _is_unlimited(context) or (neck.demand is not None and neck.demand.is_two_way)


def _is_way_of_many(context: Context, neck: Neck) -> bool:
    """Returns True for passages and outer openings: people come and go through them all the time."""
    connection = context.connections.get(neck.subject.id)
    return isinstance(connection, Passage) or (
        connection is not None and OUTSIDE in (connection.from_, connection.to)
    )


def _two_way_severity(context: Context, neck: Neck) -> tuple[Severity, Range | None]:
    """Returns how grave two-way use is, and the demand it was judged by: the planned one, else the crowd."""
    capacity = neck.capacity_per_h(context.profile)
    if capacity is None:
        return ("amber" if neck.width_m is None else "info"), None
    if neck.demand is not None:
        ratio = neck.demand.both_per_h / capacity
        return ("info" if ratio.high <= EASY_TWO_WAY_RATIO else "amber"), neck.demand.both_per_h
    crowd = context.crowd
    narrow_m = density_table().narrow_two_way_width_m
    may_be_narrow = neck.width_m is None or neck.width_m.low < narrow_m
    if crowd is None:
        return ("amber" if may_be_narrow else "info"), None
    if (crowd / capacity).high <= EASY_TWO_WAY_RATIO:
        return "info", crowd
    is_narrow = neck.width_m is not None and neck.width_m.high < narrow_m
    is_flood = crowd.low > capacity.high and _is_unlimited(context)
    if is_flood:
        return ("red" if is_narrow else "amber"), crowd
    return ("amber" if may_be_narrow else "info"), crowd


def _is_unlimited(context: Context) -> bool:
    attendance = context.plan.attendance
    admission = attendance.admission if attendance is not None else None
    return context.event.organiser == "none" or admission in OPEN_ADMISSION


@rule(
    "NECK-003",
    title=N_("The ways in and out together are too narrow"),
    says=N_(
        "Between {from_time} and {to_time} {measured} people an hour, coming and going, must pass {places}; "
        "they pass {limit}."
    ),
    do=N_("Open another way beside {places}, part coming from going, or spread the times."),
    why=N_(
        "When those who come and those who go share the same few openings, the sum decides. The narrowest cut "
        "between the outside and the areas is found for the whole drawing."
    ),
    severity=N_("Red when demand exceeds the cut over the whole range of the figures, amber when it may."),
    unit="people/h",
    sources=(GREEN_GUIDE, STILL),
)
def overloaded_cut(context: Context) -> Iterator[Found]:
    """Yields a finding for the worst period in which the drawing's narrowest cut passes fewer than come and go."""
    flagged = {found.subject.id for found in overloaded_section(context)}
    worst: tuple[TwoWay, NetworkResult] | None = None
    for period in _busy_periods(context):
        result = _period_cut(context, period, context.profile)
        if result is not None and (worst is None or result.time_min > worst[1].time_min):
            worst = period, result
    if worst is None or worst[1].time_min <= 1 or _is_told_elsewhere(context, worst[1], flagged):
        return
    period, result = worst
    demand = Range.exactly(result.people)
    capacity = Range.exactly(result.per_min)

    def ratio_at(profile: FlowProfile) -> Range | None:
        other = _period_cut(context, period, profile)
        return Range.exactly(other.time_min if other is not None else 0.0)

    fails, passes = across_profiles(context, ratio_at)
    yield Found(
        subject=context.subject("opening", result.cut[0]) if result.cut else context.event_subject,
        severity="red",
        measured=demand,
        limit=capacity,
        ratio=demand / capacity,
        facts={
            "from_time": f"{period.starts_at:%H:%M}",
            "to_time": f"{period.ends_at:%H:%M}",
            "places": [context.subject("opening", name).shown() for name in result.cut[:6]],
        },
        assumptions=(profile_assumption(context.profile),),
        fails_under=fails,
        passes_under=passes,
    )


def _busy_periods(context: Context) -> list[TwoWay]:
    """Returns the busiest period of coming, of going, and of both."""
    periods = list(two_way_periods(context))
    if not periods:
        return []
    picked = [
        max(periods, key=lambda period: period.both_per_h.low),
        max(periods, key=lambda period: period.departing_per_h.low),
    ]
    return list(dict.fromkeys(picked))


def _period_cut(context: Context, period: TwoWay, profile: FlowProfile) -> NetworkResult | None:
    """Returns the worst cut of a period; its time is demand over capacity. Every doubt favours the plan."""
    weights = {
        area_id: number.nominal
        for area_id in context.whole_areas
        if (number := context.people_in(area_id)) is not None and number.nominal > 0
    }
    everyone = sum(weights.values())
    if not everyone:
        return None
    demand_per_h = period.both_per_h.low
    people = {area_id: demand_per_h * number / everyone for area_id, number in weights.items()}
    is_two_way = period.arriving_per_h.nominal > 0 and period.departing_per_h.nominal > 0
    return worst_cut(people, _undirected_edges(context, profile, is_two_way=is_two_way))


def _undirected_edges(context: Context, profile: FlowProfile, *, is_two_way: bool) -> list[Edge]:
    edges: list[Edge] = []
    for area_id, area in context.areas.items():
        if not is_bounded(area):
            edges.append((area_id, OUTSIDE, UNKNOWN_CAPACITY_PER_MIN, ""))
    for connection_id, connection in context.connections.items():
        capacity = one_way_per_h(connection, profile)
        uses = set(connection.use.values())
        if uses == {"closed"}:
            continue
        per_h = UNKNOWN_CAPACITY_PER_MIN if capacity is None else capacity.high
        is_assessed = connection.capacity_per_h is not None
        if is_two_way and "both" in uses and not is_assessed:
            per_h *= profile.two_way_factor
        edges.append((connection.from_, connection.to, per_h, connection_id))
        edges.append((connection.to, connection.from_, per_h, connection_id))
    return edges


def _is_told_elsewhere(context: Context, result: NetworkResult, flagged: set[str]) -> bool:
    """Returns True when the cut is turnstiles only (ENT tells of them) or already named section by section."""
    cut = set(result.cut)
    only_turnstiles = all(isinstance(context.connections[name], Turnstiles) for name in cut)
    return not cut or only_turnstiles or cut <= flagged
