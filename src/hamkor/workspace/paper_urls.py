# SPDX-License-Identifier: Apache-2.0
"""Addresses of what leaves the workspace and comes into it, and of the keys of programs."""

from __future__ import annotations

from django.urls import path

from hamkor.workspace.views import importing, papers, tokens

urlpatterns = [
    path("events/<uuid:stream>/print", papers.print_page, name="print"),
    path("events/<uuid:stream>/print/ask", papers.ask_print, name="ask-print"),
    path("events/<uuid:stream>/print/<uuid:print_id>", papers.print_file, name="print-file"),
    path("events/<uuid:stream>/export/<slug:what>", papers.export, name="export"),
    path("events/<uuid:stream>/calendar/new", papers.new_feed, name="new-feed"),
    path("events/<uuid:stream>/calendar/stop", papers.stop_feed, name="stop-feed"),
    path("events/<uuid:stream>/import/<slug:kind>", importing.preview, name="import"),
    path("events/<uuid:stream>/import/<slug:kind>/confirm", importing.confirm, name="confirm-import"),
    path("events/import", importing.new_from_folder, name="new-from-folder"),
    path("calendars/<str:key>.ics", papers.calendar_feed, name="calendar-feed"),
    path("account/tokens", tokens.tokens_page, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke", tokens.revoke, name="revoke-token"),
    path("interface", tokens.api_docs, name="api-docs"),
]
