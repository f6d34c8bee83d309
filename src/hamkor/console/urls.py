# SPDX-License-Identifier: Apache-2.0
"""Addresses of the console; below each event."""

from __future__ import annotations

from django.urls import path

from hamkor.console.views import (
    advice,
    commands,
    console,
    devices,
    duplicates,
    files,
    forecast,
    live,
    missing,
    orders,
    past,
    report,
    rules,
    staffing,
    templates,
)

urlpatterns = [
    path("events/<uuid:stream>/centre/", console.console_page, name="centre"),
    path("events/<uuid:stream>/centre/live", live.live, name="centre-live"),
    path("events/<uuid:stream>/centre/reference", console.reference, name="centre-reference"),
    path("events/<uuid:stream>/centre/sw.js", console.worker, name="centre-worker"),
    path("events/<uuid:stream>/centre/commands", commands.command, name="centre-commands"),
    path("events/<uuid:stream>/centre/advice", advice.advice, name="centre-advice"),
    path("events/<uuid:stream>/centre/forecast", forecast.forecast, name="centre-forecast"),
    path("events/<uuid:stream>/centre/history", past.history, name="centre-history"),
    path("events/<uuid:stream>/centre/replay", past.past, name="centre-replay"),
    path("events/<uuid:stream>/centre/report", report.report_page, name="centre-report"),
    path("events/<uuid:stream>/centre/rules", rules.rules_page, name="centre-rules"),
    path("events/<uuid:stream>/centre/devices", devices.devices_page, name="centre-devices"),
    path("events/<uuid:stream>/centre/staffing", staffing.staffing, name="centre-staffing"),
    path("events/<uuid:stream>/centre/missing", missing.missing, name="centre-missing"),
    path("events/<uuid:stream>/centre/orders", orders.orders_page, name="centre-orders"),
    path("events/<uuid:stream>/centre/templates", templates.templates_page, name="centre-templates"),
    path("events/<uuid:stream>/centre/duplicates", duplicates.duplicates, name="centre-duplicates"),
    path("events/<uuid:stream>/centre/files", files.upload, name="centre-files"),
    path("events/<uuid:stream>/centre/files/<str:attachment>", files.file, name="centre-file"),
]
