# SPDX-License-Identifier: Apache-2.0
"""The list of events, and the overview of one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hamkor.workspace.event_page import EventPage, event_view


@login_required
def list_page(request: HttpRequest) -> HttpResponse:
    """Every event at which the person holds a role."""
    return render(request, "workspace/events.html", {})


@event_view()
def overview_page(page: EventPage) -> HttpResponse:
    """One event at a glance."""
    return page.render("workspace/overview.html")
