# SPDX-License-Identifier: Apache-2.0
"""What a new event folder says to the person who fills it in."""

from __future__ import annotations

from typing import Any

from hamkor.common.messages import N_

HOW_TO = (
    N_("Remove the `#` at the beginning of a line to use it. What you leave out counts as unknown."),
    N_("Known to be absent is written: `[]` for a list, `none` or `false` elsewhere."),
    N_("A number may be `500`, or `{low: 400, high: 600}`, or have a `source` and a `grade` from A to D."),
    N_(
        "A text may be in several languages: `{uz: ..., ru: ..., en: ...}`. Times are local: `2027-03-21 18:00`."
    ),
    N_("Every group of keys may also have `note`, `source` and `grade`. All keys: docs/format in Hamkor."),
)
CHECK_IT = N_("Check the folder at any time: hamkor check FOLDER")
ONE_OF = N_("One of: {words}")
DRAWING_NAME = N_("Replace this by your own drawing; without coordinates give areas in m² and widths in m")
EVENT_NAME = N_("Name of the event")

PURPOSES: dict[str, str] = {
    "event": N_(
        "What is planned, where and when, and who answers for it. This is the only file that must exist."
    ),
    "attendance": N_("How many people come, when they come and go, and who they are."),
    "legal": N_(
        "Permit, contract, licences, safety certificate, conclusions of the commission, rules set aside."
    ),
    "people": N_("Named people. Other files refer to them by id."),
    "duties": N_("Duties of this event: one agency answers for each, one person holds it, one takes over."),
    "tasks": N_("Work with a time, and what it waits for."),
    "posts": N_("Places and jobs that must be manned during the event."),
    "staffing": N_("How many people of each kind are planned, confirmed and in reserve."),
    "means": N_("Vehicles, barriers, detectors, generators."),
    "communications": N_("Channels, and who must be able to reach whom by which of them."),
    "hazards": N_("What may go wrong here, how likely and how grave it is, and what is done against it."),
    "contingencies": N_(
        "What is done when it goes wrong: the sign, who decides, the steps, the words to the public."
    ),
    "stop": N_("Who may stop the show or the entry without asking, on which signs, and how."),
    "warnings": N_("Warnings received before the event, and what became of them."),
    "force": N_("Force against a crowd that is allowed or forbidden: gas, water, batons, dogs, horses."),
    "segregation": N_("Groups that must not meet, where each of them is, and what keeps them apart."),
    "inspections": N_("Examinations of the venue, of structures and systems, and their results."),
    "history": N_("Earlier events here or of this kind: how they ended and what they taught."),
    "medical": N_("Medical cover at the event."),
    "sanitation": N_("Toilets, water, washing."),
    "weather": N_("Limits, who watches, where people go, and the forecast."),
    "effects": N_("Fireworks, flame, smoke, gas, lasers."),
}

HINTS: dict[str, str] = {
    "Event.id": N_("Short name of this event: letters, digits and hyphens."),
    "Event.kind": N_("What happens there; decides expected hazards and medical needs."),
    "Event.extent": N_(
        "Change to `complete` when the whole plan is written down; then what is missing is a fault."
    ),
    "Event.category": N_("Category of the mass event, from 1 to 3."),
    "Event.organiser": N_("Write `organiser: none` when it is known that nobody organises it."),
    "Event.venue_operator": N_("Administration of the venue; `none` for streets and squares."),
    "Event.agencies": N_("Agencies that take part."),
    "Event.programme": N_("Items of the programme; in a critical one nobody changes shift."),
    "Organiser.event_safety_manager": N_("The one person who answers for safety, or `none`."),
    "Attendance.expected": N_("All people expected over the event."),
    "Attendance.peak": N_("Most people at once."),
    "Attendance.permitted": N_("Number allowed at once by the permit."),
    "Attendance.admission": N_("How people get in."),
    "Attendance.arrivals": N_(
        "How many come in each period; without it the check assumes nothing about peaks."
    ),
    "Attendance.by_area": N_("People expected in each area at its fullest."),
    "Legal.certificate": N_("The paper that says how many people the venue may hold."),
    "Legal.waivers": N_("Rules set aside for this event, and who signed for it."),
    "Person.position": N_("Office or rank."),
    "Person.unavailable": N_("Periods in which the person cannot serve."),
    "Duty.catalogue": N_("Id of the duty in the catalogue (hamkor duties)."),
    "Duty.accountable": N_("The one agency that answers; `[]` when nobody does."),
    "Duty.person": N_("Who holds it, or `none`."),
    "Duty.deputy": N_("Who takes over, or `none`."),
    "Duty.shifts": N_("Who holds it when, if several take turns."),
    "Task.after": N_("Tasks that must be done before."),
    "Post.needed": N_("People it needs."),
    "Post.confirmed": N_("People confirmed for it."),
    "Force.crowd_task": N_("Their task is the crowd, not something else such as crime."),
    "Communications.joint_command_post": N_("All agencies sit in one place or one call."),
    "Channel.network": N_("What it depends on; channels on one network fail together."),
    "Link.between": N_("Both ends: posts, people or agencies; `public` for the crowd."),
    "Link.alternate": N_("Second channel, or `none`."),
    "HazardEntry.catalogue": N_("Id in the catalogue of hazards."),
    "HazardEntry.likelihood": N_("From 1 very unlikely to 5 almost certain."),
    "HazardEntry.impact": N_("From 1 minor to 5 many deaths."),
    "Contingency.trigger": N_("The sign on which it starts."),
    "Contingency.decides": N_("Who decides, or `none`."),
    "StopAuthority.holder": N_("Person or post that may do it."),
    "StopAuthority.may": N_("What the holder may do without asking."),
    "StopAuthority.steps": N_("Everyone the word must pass until it takes effect."),
    "StopAuthority.within_min": N_("Minutes from the sign until it takes effect."),
    "WarningReceived.state": N_("What became of it."),
    "ForceMeasure.allowed": N_("`true` if planned or carried, `false` if forbidden."),
    "Segregation.groups": N_("Each group and the areas, openings and routes it uses."),
    "Inspection.faults": N_("Faults found, and below the day they were mended."),
    "PastEvent.same_arrangement": N_("This event repeats the arrangement unchanged."),
    "Medical.response_min": N_("Minutes until help reaches any place."),
    "Medical.hospital_min": N_("Minutes by car to the hospital."),
    "Medical.access_route": N_("Route of the drawing kept free for ambulances, or `none`."),
    "Weather.watched_by": N_("Agency that watches the weather, or `none`."),
    "Weather.wind_limit_m_s": N_("Gust at which the event is stopped, in metres per second."),
    "Weather.shelter_plan": N_("Where people go."),
    "Effect.lining": N_("Fire rating of what surrounds it."),
}

# Example values where the type alone gives a poor one. All of them stand behind `#` until somebody means them.
VALUES: dict[str, Any] = {
    "Event.format": "hamkor-event-1",
    "Event.extent": "extract",
    "Event.doors_open_at": "2027-03-21 16:00",
    "Event.ends_at": "2027-03-21 22:00",
    "Event.clear_by": "2027-03-21 23:00",
    "Event.time_zone": "Asia/Tashkent",
    "Duty.supporting": ["fvv"],
    "Place.country": "UZ",
    "Place.city": "Toshkent",
    "ProgrammeItem.ends_at": "2027-03-21 22:00",
    "Attendance.expected": {"low": 8000, "high": 10000, "source": "tickets sold by 1 March", "grade": "A"},
    "Attendance.peak": 9000,
    "Attendance.permitted": 10000,
    "Attendance.tickets": 10000,
    "Interval.starts_at": "2027-03-21 16:00",
    "Interval.ends_at": "2027-03-21 17:00",
    "Interval.people": 3000,
    "Interval.share": 0.3,
    "Attendance.hours": 5,
    "Paper.state": "issued",
    "SafetyCertificate.state": "issued",
    "SafetyCertificate.capacity": 12000,
    "Paper.valid_until_date": "2027-12-31",
    "SafetyCertificate.valid_until_date": "2027-12-31",
    "AreaAttendance.area": "hall",
    "Period.ends_at": "2027-03-21 19:00",
    "Shift.ends_at": "2027-03-21 22:00",
    "Person.id": "person-1",
    "Person.phone": "+998 90 000 00 00",
    "Duty.id": "duty-1",
    "Duty.phase": "conduct",
    "Duty.catalogue": "decide-to-stop",
    "Task.after": ["task-0"],
    "Link.between": ["command", "public"],
    "Link.primary": "net-1",
    "Link.alternate": "none",
    "HazardEntry.catalogue": "heat",
    "StopAuthority.holder": "person-1",
    "StopAuthority.deputy": "person-2",
    "StopAuthority.may": ["stop_show", "stop_entry"],
    "StopAuthority.within_min": 3,
    "Segregation.groups": {"home": ["hall"], "away": ["stand"]},
    "Weather.forecast_gust_m_s": 8,
    "Weather.wind_limit_m_s": 15,
    "Weather.lightning_limit_km": 10,
    "Weather.heat_limit_c": 38,
    "Weather.forecast_temperature_c": 24,
    "Weather.forecast_humidity_percent": 40,
    "Medical.response_min": 4,
    "Medical.hospital_min": 12,
    "Channel.id": "net-1",
    "Post.id": "gate-1",
}
