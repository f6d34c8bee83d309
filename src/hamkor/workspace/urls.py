# SPDX-License-Identifier: Apache-2.0
"""Addresses of the planning workspace."""

from __future__ import annotations

from django.urls import path

from hamkor.pages.views import choose_language
from hamkor.workspace.views import events, live

urlpatterns = [
    path("", events.list_page, name="events"),
    path("language", choose_language, name="language"),
    path("events/<uuid:stream>/", events.overview_page, name="event"),
    path("events/<uuid:stream>/live", live.updates, name="live"),
]
