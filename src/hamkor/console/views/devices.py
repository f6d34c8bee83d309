# SPDX-License-Identifier: Apache-2.0
"""The devices of an event: whether they are heard, and their keys, each of which is shown once and kept nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from hamkor.common.errors import HamkorError
from hamkor.common.i18n import translate
from hamkor.common.messages import N_, Message, show
from hamkor.console.opening import EventPage, event_view, journals, open_event, pool
from hamkor.console.rule_forms import RuleFormError, number_of
from hamkor.console.words import WORDS
from hamkor.journal.queries import get_documents
from hamkor.pages.languages import current_language
from hamkor.pages.refusals import DEFAULT_STATUS, STATUS_OF_CODE
from hamkor.plans.rules.naming import title_of
from hamkor.telemetry import commands
from hamkor.telemetry.facts import DEVICE
from hamkor.telemetry.queries import DeviceShown, list_devices, list_latest
from hamkor.telemetry.rules.devices import SORTS, Wanted
from hamkor.telemetry.rules.keys import authorization_of, device_key, topic_of
from hamkor.telemetry.rules.suggesting import suggest_devices
from hamkor.units.queries import list_units

REGISTERED = N_("The device is registered. It may send as soon as it has a key.")
REVOKED = N_("The device is shut out: what it sends from now on is refused.")
DRAWN = N_("The devices of the drawing are registered.")
SORT_NAMES: dict[str, str] = {
    "counter": N_("counter of people"),
    "density": N_("camera or sensor of density"),
    "button": N_("panic button"),
    "weather": N_("weather station"),
    "tracker": N_("tracker of a unit"),
    "smoke": N_("smoke detector"),
    "gateway": N_("gateway of several devices"),
}
STATE_NAMES: dict[str, str] = {
    "live": N_("works"),
    "lost": N_("silent"),
    "skewed": N_("its clock is wrong"),
    "revoked": N_("shut out"),
    "never": N_("never heard"),
}
TONES = {"live": "green", "lost": "amber", "skewed": "amber"}


@event_view("manage_devices")
def devices_page(page: EventPage) -> HttpResponse:
    """All devices; registered, given a key or shut out."""
    if page.request.method != "POST":
        return _shown(page)
    try:
        return _done(page, page.request.POST)
    except HamkorError as error:
        if error.code == "not-allowed":
            raise
        answer = _shown(page, fault=error.message)
        answer.status_code = STATUS_OF_CODE.get(error.code, DEFAULT_STATUS)
        return answer


def _done(page: EventPage, posted: QueryDict) -> HttpResponse:
    sent, device, done = page.envelope(_command_id(posted)), posted.get("device", ""), posted.get("do", "")
    if done == "issue":
        return _issued(page, device)
    if done == "register":
        commands.register_device(journals(), sent, viewer=page.viewer, device=_wanted(posted))
        return _told(page, REGISTERED)
    if done == "drawn":
        commands.register_drawn_devices(journals(), sent, viewer=page.viewer)
        return _told(page, DRAWN)
    if done == "revoke":
        reason = posted.get("reason", "")
        commands.revoke_device(journals(), sent, viewer=page.viewer, device_id=device, reason=reason)
        return _told(page, REVOKED)
    raise _malformed()


def _issued(page: EventPage, device_id: str) -> HttpResponse:
    """Returns the page with a new key in it: it goes from the memory of the server to this answer, and nowhere else."""
    before = page.number
    sent = page.envelope(_command_id(page.request.POST))
    done = commands.issue_key(journals(), sent, viewer=page.viewer, device_id=device_id)
    after = open_event(page.request, page.stream)
    if done.number <= before:  # the same form sent again, as by loading the page anew
        template = N_("This key was shown already, and only once. Issue a new one if it was not copied.")
        return _shown(after, fault=Message(template))
    device = get_documents(journals(), page.stream).get(DEVICE, device_id)
    if device is None:
        raise _malformed()
    secret, stream = settings.SECRET_KEY.encode(), str(page.stream)
    key = device_key(secret, stream, device.id, generation=device.generation)
    fresh = {
        "device": device.title or device.id,
        "key": key,
        "authorization": authorization_of(stream, device.id, key),
        "topic": topic_of(stream, device.id),
    }
    return _shown(after, fresh=fresh)


def _wanted(posted: QueryDict) -> Wanted:
    title, feature, unit = (posted.get(name, "").strip() or None for name in ("title", "feature", "unit"))
    sort: Any = posted.get("sort", "")  # judged by the command
    key, silence_s = posted.get("id", "").strip(), number_of(posted, "silence_s")
    return Wanted(id=key, sort=sort, title=title, feature=feature, unit=unit, silence_s=silence_s)


def _command_id(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("command_id", ""))
    except ValueError:
        raise _malformed() from None


def _malformed() -> RuleFormError:
    return RuleFormError("form-malformed", N_("The form is not complete. Load the page and send it again."))


def _told(page: EventPage, text: str) -> HttpResponse:
    page.tell(translate(text, current_language()))
    return _unkept(HttpResponseRedirect(page.request.path))


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(
    page: EventPage, *, fresh: dict[str, str] | None = None, fault: Message | None = None
) -> HttpResponse:
    language = current_language()
    features = page.plan.venue.features if page.plan.venue else ()
    names = {each.id: show(title_of(each, fallback=each.id), language) for each in features}
    units = {each.id: each.call_sign for each in list_units(page.viewer, page.documents)}
    with pool().connection() as connection:
        latest = list_latest(page.viewer, connection, page.stream)
    heard = {each.id: (each.at, each.body) for each in latest if each.kind == "device"}
    found = list_devices(page.viewer, page.documents)
    answer = page.render(
        "console/devices.html",
        lines=[_line(page, each, heard=heard, names={**names, **units}) for each in found],
        asked_for=len(suggest_devices(features, [each.device for each in found])),
        sorts=[(sort, translate(SORT_NAMES[sort], language)) for sort in SORTS],
        places=sorted(names.items(), key=lambda item: item[1]),
        units=sorted(units.items(), key=lambda item: item[1]),
        typed=page.request.POST if fault else {},
        fresh=fresh,
        fault=fault,
    )
    return _unkept(answer)


def _line(
    page: EventPage, shown: DeviceShown, *, heard: dict[str, Any], names: dict[str, str]
) -> dict[str, Any]:
    """Returns a device as the page shows it: heard at the newest moment that is known."""
    language, device, state = current_language(), shown.device, shown.state
    at, body = heard.get(device.id, (None, {}))
    at = max(filter(None, (at, state.last_at if state else None)), default=None)
    standing = "revoked" if device.revoked_at else state.state if state else "live" if at else "never"
    told_of = [each for each in (device.feature, device.unit, *device.features) if each]
    battery = body.get("battery")
    return {
        "device": device,
        "sort": translate(SORT_NAMES[device.sort], language),
        "state": translate(STATE_NAMES[standing], language),
        "tone": TONES.get(standing, ""),
        "since": state.since if state else None,
        "age": None if at is None else _age(page.now, at),
        "about": ", ".join(names.get(each, each) for each in told_of),
        "battery": None if battery is None else round(battery * 100),
    }


def _age(now: datetime, at: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        if seconds >= size:
            return translate(WORDS[f"age.{unit}"], current_language()).format(count=seconds // size)
    return translate(WORDS["age.now"], current_language())
