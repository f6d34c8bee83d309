# SPDX-License-Identifier: Apache-2.0
"""What happens in the drill of the demonstration, second by second: a jam at a gate, and what a night brings.

The texts are what people at such a desk write, in the language of the demonstration; nobody in them exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from hamkor.config.evening.playing import Act, Play, Scene
from hamkor.incidents.commands import (
    add_note,
    advance_incident,
    describe_missing,
    find_missing,
    report_incident,
)
from hamkor.incidents.facts import INCIDENT
from hamkor.operation.commands import check_in, enter_phase, finish_job, hear_post
from hamkor.operation.queries import list_jobs, list_posts
from hamkor.operation.rules.clock import event_time
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.planned import event_of
from hamkor.operation.rules.running import LivePhase, operation_of
from hamkor.orders.commands import answer_message, log_message, mark_delivered, mark_seen, send_message
from hamkor.orders.rules.messages import Addressee
from hamkor.orders.rules.writing import Draft
from hamkor.units.commands import dispatch_units, release_unit, set_unit_state
from hamkor.units.facts import UNIT

JAM = "turnstile-06"
OPERATOR = ("operator", "iib")
COORDINATOR = ("coordinator", "iib")
AMBULANCE = ("dispatcher", "tty")


def scenes() -> list[Scene]:
    """Returns the scenes of the first minutes, by their second."""
    return [
        (2, _traffic),
        (
            4,
            _call(
                "6-darvoza katta styuardi: navbat 400 kishidan oshdi, zaxira yoʻlak kerak.",
                "6-darvoza",
                "Shtab",
            ),
        ),
        (7, _lost_child),
        (10, _faint),
        (14, _send("tty", "faint", "ambulance", AMBULANCE)),
        (18, _jam),
        (22, _move("faint", "en_route")),
        (26, _order_spare_lanes),
        (33, _accept("spare_lanes", ("liaison", "mg"), "Qabul qilindi, zaxira yoʻlak ochilmoqda.")),
        (36, _send("mg", "jam", "crowd", COORDINATOR)),
        (40, _order_screens),
        (46, _move("faint", "on_scene")),
        (52, _move("jam", "en_route")),
        (58, _call("YHX 4: Navoiy koʻchasida navbat 180 metr, oqim P4 ga burilmoqda.", "YHX-4", "Shtab")),
        (66, _move("jam", "on_scene")),
        (74, _note("jam", "Orqadagi oqim 150 metrda toʻxtatildi, bosim pasaymoqda.")),
        (85, _call("Sharqiy maydon: styuardlar 60 kishini 8-darvozaga yoʻnaltirdi.", "Sharq-2", "Shtab")),
        (100, _found),
        (112, _man("post-check-4")),
        (120, _resolve("faint", "Bemor tibbiy postda, ahvoli barqaror.")),
        (140, _smoke),
        (150, _send("fvv", "smoke", "fire", COORDINATOR)),
        (175, _move("smoke", "en_route")),
        (190, _move("smoke", "on_scene")),
        (215, _resolve("jam", "Zichlik 3 dan pastga tushdi, zaxira yoʻlak ochiq qoldi.")),
        (240, _resolve("smoke", "Oshxona chiqindi idishi tutagan, oʻchirildi.")),
    ]


def afterwards() -> Iterator[Scene]:
    """Yields what goes on: posts are heard, work is done, phases follow the clock, small things happen."""
    lines = cycle(
        (
            ("Kirish sur’ati bir tekis, nosozlik yoʻq.", "1-punkt", "Shtab"),
            ("Suv tarqatish nuqtasi toʻldirildi.", "Tashkilotchi", "Shtab"),
            ("Shimoliy galereya boʻsh, yoʻlaklar ochiq.", "MG-3", "Shtab"),
            ("Tibbiy post 2: uch kishi koʻrildi, ogʻir holat yoʻq.", "Tibbiy post 2", "Shtab"),
        )
    )
    for text, from_words, to_words in lines:
        yield 12.0, _keep_time
        yield 12.0, _do_due_work
        yield 6.0, _hear_posts
        yield 15.0, _call(text, from_words, to_words)
        yield 20.0, _small_incident
        yield 25.0, _close_small


def _place(feature: str) -> Place:
    return Place(feature=feature)


def _report(name: str, sender: tuple[str, str], kind: str, text: str, feature: str, source: str) -> Act:
    def act(play: Play) -> None:
        values: dict[str, Any] = {"type": kind, "text": text, "place": _place(feature), "source": source}
        play.send(*sender, report_incident, name=name, **values)

    return act


def _jam(play: Play) -> None:
    text = "6-darvoza turniketlari oldida tiqilinch: odamlar ezilyapti, orqadan bosim bor."
    values: dict[str, Any] = {"type": "crowd_pressure", "text": text, "place": _place(JAM), "source": "radio"}
    play.send(*OPERATOR, report_incident, name="jam", **values)


_traffic = _report(
    "traffic",
    ("liaison", "yhx"),
    "traffic",
    "P2 avtoturargohi toʻldi, navbat 180 metr.",
    "way-cars",
    "radio",
)
_faint = _report(
    "faint", AMBULANCE, "medical", "Ayol hushidan ketdi, 50 yoshlarda, nafas bor.", "forecourt-e", "phone"
)
_smoke = _report(
    "smoke", ("organiser", "org"), "smoke", "Ovqat rastasi ortida tutun.", "forecourt-s", "field"
)


def _lost_child(play: Play) -> None:
    values = {
        "type": "lost_child",
        "text": "Bola yoʻqoldi: 6 yosh, qizil kurtka.",
        "place": _place("forecourt-n"),
    }
    play.send("liaison", "hok", report_incident, name="child", source="citizen", **values)
    play.send(
        *OPERATOR,
        describe_missing,
        incident_id=play.ids["child"],
        age="6",
        clothes="qizil kurtka, koʻk shim",
        last_seen=_place("forecourt-n"),
    )


def _found(play: Play) -> None:
    play.send(*OPERATOR, find_missing, incident_id=play.ids["child"], state="found")
    play.send(*OPERATOR, find_missing, incident_id=play.ids["child"], state="handed_over")


def _call(text: str, from_words: str, to_words: str) -> Act:
    def act(play: Play) -> None:
        play.send(*OPERATOR, log_message, text=text, via="tetra", from_words=from_words, to_words=to_words)

    return act


def _order_spare_lanes(play: Play) -> None:
    draft = Draft(
        to=(Addressee(kind="agency", id="mg"),),
        text="6-darvozada zaxira yoʻlakni oching, oqimni 7- va 8-darvozaga burib yuboring.",
        urgency="flash",
        incident=play.ids["jam"],
    )
    play.send(*COORDINATOR, send_message, name="spare_lanes", message=draft)


def _order_screens(play: Play) -> None:
    """Nobody answers this one: the newcomer sees what silence does."""
    draft = Draft(
        to=(Addressee(kind="agency", id="ses"),),
        text="Sharqiy maydonga suv yetkazing va yetkazilganini tasdiqlang.",
        urgency="flash",
        incident=play.ids["faint"],
    )
    play.send(*COORDINATOR, send_message, name="water", message=draft)


def _accept(name: str, sender: tuple[str, str], words: str) -> Act:
    def act(play: Play) -> None:
        message = play.ids[name]
        play.send(*sender, mark_delivered, message_ids=[message])
        play.send(*sender, mark_seen, message_id=message)
        play.send(*sender, answer_message, message_id=message, answer="accepted", words=words)

    return act


def _send(agency: str, incident: str, capability: str, sender: tuple[str, str]) -> Act:
    """Returns a scene in which the first free unit that can help is sent."""

    def act(play: Play) -> None:
        able = [
            unit
            for unit in play.documents.all(UNIT)
            if unit.agency == agency and unit.state == "free" and capability in unit.capabilities
        ]
        play.ids[f"{incident}-unit"] = able[0].id
        play.send(*sender, dispatch_units, incident_id=play.ids[incident], unit_ids=[able[0].id])

    return act


def _move(incident: str, state: str) -> Act:
    def act(play: Play) -> None:
        play.send(*COORDINATOR, set_unit_state, unit_id=play.ids[f"{incident}-unit"], state=state)

    return act


def _note(incident: str, text: str) -> Act:
    def act(play: Play) -> None:
        play.send(*OPERATOR, add_note, incident_id=play.ids[incident], text=text)

    return act


def _resolve(incident: str, outcome: str) -> Act:
    def act(play: Play) -> None:
        play.send(*COORDINATOR, release_unit, unit_id=play.ids[f"{incident}-unit"])
        play.send(
            *COORDINATOR, advance_incident, incident_id=play.ids[incident], state="resolved", outcome=outcome
        )

    return act


def _man(post_id: str) -> Act:
    def act(play: Play) -> None:
        play.send(*OPERATOR, check_in, post_id=post_id, present=20)

    return act


def _keep_time(play: Play) -> None:
    """Enters the next phase when the clock of the event has come to it."""
    operation, event = operation_of(play.documents), event_of(play.documents)
    if operation is None or event is None:
        return
    zone = ZoneInfo(event.time_zone)
    shown = event_time(operation, play.now).astimezone(zone).replace(tzinfo=None)
    phase = _phase_at(shown, event.starts_at, event.ends_at, event.clear_by)
    if phase is not None and phase != operation.phase:
        play.send("controller", "fvv", enter_phase, phase=phase)


def _phase_at(
    shown: datetime, starts_at: datetime | None, ends_at: datetime | None, clear_by: datetime | None
) -> LivePhase | None:
    if clear_by is not None and shown >= clear_by:
        return "after"
    if ends_at is not None and shown >= ends_at:
        return "egress"
    if starts_at is not None and shown >= starts_at:
        return "show"
    return None


def _do_due_work(play: Play) -> None:
    """Does the oldest work that is due."""
    viewer = play.desk.viewer(*OPERATOR)
    due = [job for job in list_jobs(viewer, play.documents, play.now) if job.is_open and job.state == "due"]
    if due:
        play.send(*OPERATOR, finish_job, job_id=due[0].id)


def _hear_posts(play: Play) -> None:
    """Lets the post nobody has heard for longest say that all is well."""
    viewer = play.desk.viewer(*OPERATOR)
    heard = [
        line.state
        for line in list_posts(viewer, play.documents, play.now)
        if line.is_due and line.state is not None and line.state.heard_at is not None
    ]
    if heard:
        oldest = min(heard, key=lambda state: state.heard_at or play.now)
        play.send(*OPERATOR, hear_post, post_id=oldest.id)


def _small_incident(play: Play) -> None:
    values = {"type": "complaint", "text": "Tomoshabin oʻrindigʻi singan.", "place": _place("sector-07")}
    play.send("venue", "obj", report_incident, name="small", source="field", **values)


def _close_small(play: Play) -> None:
    incident = play.documents.get(INCIDENT, play.ids["small"])
    if incident is not None and incident.state == "reported":
        for state in ("assessed", "resolved", "closed"):
            values = {"outcome": "Boshqa joy berildi."} if state != "assessed" else {}
            play.send(*OPERATOR, advance_incident, incident_id=incident.id, state=state, **values)
