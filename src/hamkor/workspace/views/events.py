# SPDX-License-Identifier: Apache-2.0
"""The list and the calendar of events, the application for a new one, and the overview of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from hamkor.agencies.models import User
from hamkor.agencies.queries.people import get_viewer
from hamkor.agencies.rules import NotAllowedError
from hamkor.common.errors import HamkorError
from hamkor.common.ids import new_id
from hamkor.common.messages import N_
from hamkor.events.rules import Event
from hamkor.events.rules.application import list_application_steps, readiness_of_application
from hamkor.events.rules.days import days_to, local_day, phase_of
from hamkor.pages.languages import current_language
from hamkor.plans.rules.naming import free_id
from hamkor.workspace.beginning import begin_event, may_create
from hamkor.workspace.event_list import filtered, list_events, month_of, next_month
from hamkor.workspace.event_page import EventPage, event_view
from hamkor.workspace.forms.fields import FieldView, fields_to_edit
from hamkor.workspace.forms.reading import values_posted
from hamkor.workspace.forms.sent import command_id_of

ASKED = ("name", "kind", "starts_at", "ends_at", "category", "setting")


@login_required
def list_page(request: HttpRequest) -> HttpResponse:
    """Every event at which the person holds a role: as a list, or month by month."""
    now, language = datetime.now(UTC), current_language()
    user = _user(request)
    rows = list_events(user, now=now, language=language)
    chosen = {key: request.GET.get(key, "") for key in ("region", "category", "phase")}
    shown = filtered(rows, **chosen)
    month = _month(request.GET.get("month", ""), now.date())
    is_calendar = request.GET.get("view") == "calendar"
    context = {
        "rows": shown,
        "regions": sorted({row.region for row in rows if row.region}),
        "phases": ("preparation", "conduct", "analysis"),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "is_calendar": is_calendar,
        "weeks": month_of(shown, month, now.date()) if is_calendar else [],
        "month": month,
        "previous_month": next_month(month, -1),
        "next_month": next_month(month, 1),
        "may_create": may_create(user),
    }
    return render(request, "workspace/events.html", context)


@login_required
def new_event_page(request: HttpRequest) -> HttpResponse:
    """The application: what is planned, where and when. Who applies becomes organiser or coordinator."""
    user, language = _user(request), current_language()
    now = datetime.now(UTC)
    if not may_create(user):
        raise NotAllowedError(get_viewer(user, stream=new_id(now), at=now), "edit_plan")
    fields = fields_to_edit(None, plan=None, language=language, only=ASKED, body=Event)
    fault = None
    posted: QueryDict = QueryDict()
    if request.method == "POST":
        posted = request.POST
        try:
            stream = _create(request, user, fields, now)
        except HamkorError as error:
            fault = error.message
        else:
            return HttpResponseRedirect(reverse("application", kwargs={"stream": stream}))
    kept = [msgspec.structs.replace(field, value=posted.get(field.path, field.value)) for field in fields]
    context = {"fields": kept, "fault": fault, "new_command_id": posted.get("command_id") or new_id(now)}
    return render(request, "workspace/new_event.html", context, status=422 if fault else 200)


def _create(request: HttpRequest, user: User, fields: tuple[FieldView, ...], now: datetime) -> UUID:
    command_id = command_id_of(request.POST)
    body = values_posted(Event, fields, request.POST, language=current_language())
    title = body.get("name")
    body |= {
        "format": "hamkor-event-1",
        "id": free_id(title, fallback="event", taken=()),
        "extent": "complete",
        "agencies": [
            {"agency": code} for code in dict.fromkeys(("iib", user.body.agency if user.body else "iib"))
        ],
    }
    place = request.POST.get("place", "").strip()
    if place:
        body["place"] = {"name": place}
    try:
        event = msgspec.convert(body, Event, strict=False)
    except msgspec.ValidationError as error:
        template = N_("The application is not complete: {reason}")
        raise HamkorError("application-incomplete", template, reason=str(error)) from error
    return begin_event(user, event, command_id=command_id, at=now)


@event_view()
def overview_page(page: EventPage) -> HttpResponse:
    """One event at a glance: days left, readiness section by section, what to do next."""
    event, today = page.plan.event, local_day(page.plan.event, page.now) or page.now.date()
    steps = list_application_steps(event, page.plan.legal, page.plan.attendance, today=today)
    return page.render(
        "workspace/overview.html",
        current_section="event",
        days=days_to(event, today),
        phase=phase_of(event, page.now),
        steps=steps,
        readiness=readiness_of_application(steps),
        duties=len(page.plan.duties or ()),
        urgent=[card for card in page.cards[:5] if card.finding.severity == "red"],
    )


@event_view()
def application_page(page: EventPage) -> HttpResponse:
    """The steps of the application with their days, and the papers with all their fields."""
    event, today = page.plan.event, local_day(page.plan.event, page.now) or page.now.date()
    steps = list_application_steps(event, page.plan.legal, page.plan.attendance, today=today)
    from hamkor.workspace.views.parts import shown_single  # the two views know each other only here

    return page.render(
        "workspace/application.html",
        current_section="application",
        steps=steps,
        readiness=readiness_of_application(steps),
        form=shown_single(page, "legal"),
        headings=[step for step in steps if step.id.startswith("conclusion")],
    )


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("a page for people who are signed in was opened by somebody else")
    return request.user


def _month(text: str, today: date) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)
