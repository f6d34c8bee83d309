# SPDX-License-Identifier: Apache-2.0
"""STOP: the way of the order, from whoever decides to whatever stops."""

from __future__ import annotations

from collections.abc import Iterator

from hamkor.checks.rules.context import Context
from hamkor.checks.rules.families.stop import HSG154, authorities, holder_subject, holders_shown
from hamkor.checks.rules.findings import Found, judge
from hamkor.checks.rules.registry import rule
from hamkor.common.figures import Range, known
from hamkor.common.messages import N_
from hamkor.plans.rules.readiness import Channel, StopAuthority

# Minutes until a stop takes effect. 5: in the Itaewon alley density rose by about a person per square metre in five
# minutes (special investigation, 2023). 11: crowd turbulence was seen 11 minutes before the falls of Mina 2006
# (Helbing, Johansson and Al-Abideen 2007); a stop that takes longer comes after them.
SLOW_MIN, TOO_SLOW_MIN = 5.0, 11.0
# Times the word is handed on. A convention of this check: if nine of ten are passed on at once, three leave 73 % and
# five 59 %.
LONG_CHAIN, TOO_LONG_CHAIN = 3, 5
DRILL_VALID_DAYS = 365  # exercises are yearly: ISO 22398:2013, exercise programme
MINA = "Helbing, Johansson and Al-Abideen 2007, Phys. Rev. E 75, 046109"
ITAEWON = "Itaewon special investigation, 2023"
LOVE_PARADE = "Helbing and Mukerji 2012 on the Love Parade disaster"


@rule(
    "STOP-005",
    title=N_("Stopping takes too long"),
    says=N_(
        "When {subject} decides to stop, it takes effect after {measured} min; the limit is {limit} min."
    ),
    do=N_("Shorten the way from the decision of {subject} to the loudspeakers, and drill it with a watch."),
    why=N_(
        "A crowd becomes deadly in minutes. In Itaewon the density rose by a person per square metre in about "
        "five; before the falls of Mina in 2006 there were eleven minutes of turbulence."
    ),
    severity=N_("Red above 11 min when nobody else can do it faster, amber above 5 min."),
    unit="min",
    sources=(MINA, ITAEWON),
)
def slow_stop(context: Context) -> Iterator[Found]:
    """Yields a finding for every holder whose order takes longer than the limits."""
    in_time = _powers_in_time(context)
    for item in authorities(context):
        within = known(item.within_min)
        if within is None or judge(within / SLOW_MIN) is None:
            continue
        is_red = judge(within / TOO_SLOW_MIN) == "red" and not in_time & set(item.may)
        limit = TOO_SLOW_MIN if is_red else SLOW_MIN
        yield Found(
            subject=holder_subject(context, item),
            severity="red" if is_red else "amber",
            measured=within,
            limit=Range.exactly(limit),
            ratio=within / limit,
        )


def _powers_in_time(context: Context) -> set[str]:
    """Returns what somebody may do within the limit."""
    return {
        power
        for item in authorities(context)
        if (within := known(item.within_min)) is not None and within.high <= TOO_SLOW_MIN
        for power in item.may
    }


@rule(
    "STOP-006",
    title=N_("Too many hands between sign and effect"),
    says=N_(
        "The word of {subject} is handed on {measured} times before anything stops; {limit} should be the most."
    ),
    do=N_("Let {subject} speak to whoever turns off the sound or closes the gate directly."),
    why=N_(
        "Every link may be busy, may not hear, or may ask back. At the Love Parade in 2010 the request for "
        "police passed through several hands and did not arrive."
    ),
    severity=N_(
        "Red above 5 times and amber above 3; amber at most when it is known to take effect within 5 min."
    ),
    unit="times",
    sources=(LOVE_PARADE, "Convention of this check"),
)
def long_chain(context: Context) -> Iterator[Found]:
    """Yields a finding for every holder whose word passes through too many hands."""
    for item in authorities(context):
        links = len(item.steps or ()) - 1  # from who sees it to who carries it out
        if links <= LONG_CHAIN:
            continue
        within = known(item.within_min)
        is_proved = within is not None and within.high <= SLOW_MIN
        is_red = links > TOO_LONG_CHAIN and not is_proved
        limit = TOO_LONG_CHAIN if is_red else LONG_CHAIN
        yield Found(
            subject=holder_subject(context, item),
            severity="red" if is_red else "amber",
            measured=Range.exactly(links),
            limit=Range.exactly(limit),
            ratio=Range.exactly(links / limit),
        )


@rule(
    "STOP-009",
    title=N_("The order to stop has no working channel"),
    says=N_("{subject} orders the stop by a channel that is missing or known to be dead."),
    do=N_("Give {subject} a working channel for the order, and a second one."),
    why=N_(
        "An order that is not heard is not given. At the Love Parade in 2010 the liaison officer had neither a "
        "working radio nor a working phone."
    ),
    severity=N_("Red when the channel is known dead; amber when a complete plan names none."),
    sources=(LOVE_PARADE,),
)
def authority_without_channel(context: Context) -> Iterator[Found]:
    """Yields a finding for every holder whose channel is dead, or is not named in a complete plan."""
    channels = _channels(context)
    for item in authorities(context):
        channel = channels.get(item.channel or "")
        if channel is not None and channel.works is False:
            yield Found(subject=holder_subject(context, item), severity="red")
        elif item.channel is None and context.is_complete:
            yield Found(subject=holder_subject(context, item), severity="amber")


def _channels(context: Context) -> dict[str, Channel]:
    communications = context.plan.communications
    listed = (communications.channels if communications is not None else None) or ()
    return {channel.id: channel for channel in listed}


@rule(
    "STOP-010",
    title=N_("Stopping was not drilled lately"),
    says=N_("No drill of stopping in the year before the event is known for {holders}."),
    do=N_("Drill the stop once with everyone it passes, and write down how long it took."),
    why=N_(
        "A stop that was never tried fails on trifles: a locked mixer, a missing text, a wrong call sign."
    ),
    severity=N_("Info, in a complete plan, or when the last drill is known to be older than a year."),
    sources=("ISO 22398:2013, exercises", HSG154),
)
def undrilled_stop(context: Context) -> Iterator[Found]:
    """Yields one finding for the holders who have not drilled the stop within a year."""
    undrilled = [item for item in authorities(context) if _is_undrilled(context, item)]
    if undrilled:
        facts = {"holders": holders_shown(context, undrilled)}
        yield Found(subject=context.part_subject("stop"), severity="info", facts=facts)


def _is_undrilled(context: Context, item: StopAuthority) -> bool:
    if item.drilled_date is None:
        return context.is_complete
    start = context.event.starts_at
    return start is not None and (start.date() - item.drilled_date).days > DRILL_VALID_DAYS
