# SPDX-License-Identifier: Apache-2.0
"""Addresses of the planning workspace."""

from __future__ import annotations

from django.urls import include, path

from hamkor.pages.views import choose_language
from hamkor.workspace.views import (
    approvals,
    attachments,
    communications,
    discussions,
    duties,
    editing,
    events,
    findings,
    history,
    live,
    parts,
    roles,
    scenarios,
    tasks,
    venue,
    venue_import,
    verification,
)

urlpatterns = [
    path("", events.list_page, name="events"),
    path("language", choose_language, name="language"),
    path("events/new", events.new_event_page, name="new-event"),
    path("events/<uuid:stream>/application", events.application_page, name="application"),
    path("events/<uuid:stream>/", events.overview_page, name="event"),
    path("events/<uuid:stream>/live", live.updates, name="live"),
    path("events/<uuid:stream>/edit", editing.edit, name="edit"),
    path("events/<uuid:stream>/undo", editing.undo_command, name="undo"),
    path("events/<uuid:stream>/passport", parts.passport_page, name="passport"),
    path("events/<uuid:stream>/attendance", parts.attendance_page, name="attendance"),
    path("events/<uuid:stream>/venue", venue.venue_page, name="venue"),
    path("events/<uuid:stream>/venue/drawing", venue.drawing, name="venue-drawing"),
    path("events/<uuid:stream>/venue/change", venue.change, name="venue-change"),
    path("events/<uuid:stream>/venue/export", venue.export_drawing, name="venue-export"),
    path("events/<uuid:stream>/venue/import", venue_import.import_page, name="venue-import"),
    path(
        "events/<uuid:stream>/venue/import/drawing", venue_import.preview_drawing, name="venue-import-drawing"
    ),
    path(
        "events/<uuid:stream>/venue/import/confirm", venue_import.confirm_import, name="venue-import-confirm"
    ),
    path("events/<uuid:stream>/venue/feature/<str:feature>", venue.feature_panel, name="venue-feature"),
    path("events/<uuid:stream>/duties", duties.duties_page, name="duties"),
    path("events/<uuid:stream>/duties/add", duties.add_from_catalogue, name="add-duties"),
    path("events/<uuid:stream>/tasks", tasks.tasks_page, name="tasks"),
    path("events/<uuid:stream>/people", parts.people_page, name="people"),
    path("events/<uuid:stream>/posts", parts.posts_page, name="posts"),
    path("events/<uuid:stream>/shifts", parts.shifts_page, name="shifts"),
    path("events/<uuid:stream>/communications", communications.communications_page, name="communications"),
    path(
        "events/<uuid:stream>/communications/<slug:group>/new",
        communications.new_communication_page,
        name="new-communication",
    ),
    path(
        "events/<uuid:stream>/communications/<slug:group>/<str:item>",
        communications.communication_item_page,
        name="communication",
    ),
    path(
        "events/<uuid:stream>/communications/<slug:group>/<str:item>/remove",
        communications.remove_communication,
        name="remove-communication",
    ),
    path("events/<uuid:stream>/means", parts.means_page, name="means"),
    path("events/<uuid:stream>/services", parts.services_page, name="services"),
    path("events/<uuid:stream>/hazards", parts.hazards_page, name="hazards"),
    path("events/<uuid:stream>/contingencies", parts.contingencies_page, name="contingencies"),
    path("events/<uuid:stream>/stop", parts.stop_page, name="stop"),
    path("events/<uuid:stream>/warnings", parts.warnings_page, name="warnings"),
    path("events/<uuid:stream>/people/<str:item>/erase", parts.erase_details, name="erase-person"),
    path("events/<uuid:stream>/part/<slug:part>/new", parts.new_item_page, name="new-item"),
    path("events/<uuid:stream>/part/<slug:part>/<str:item>", parts.item_page, name="item"),
    path("events/<uuid:stream>/part/<slug:part>/<str:item>/remove", parts.remove_item, name="remove-item"),
    path("events/<uuid:stream>/scenarios/", scenarios.scenarios_page, name="scenarios"),
    path(
        "events/<uuid:stream>/scenarios/<uuid:run>/<str:what>", scenarios.scenario_file, name="scenario-file"
    ),
    path("events/<uuid:stream>/roles", roles.roles_page, name="roles"),
    path("events/<uuid:stream>/roles/give", roles.give, name="role-give"),
    path("events/<uuid:stream>/roles/invite", roles.invite_to_role, name="role-invite"),
    path("events/<uuid:stream>/roles/<uuid:role>/end", roles.end, name="role-end"),
    path(
        "events/<uuid:stream>/invitations/<uuid:invitation>/revoke",
        roles.revoke,
        name="role-invitation-revoke",
    ),
    path("", include("hamkor.workspace.paper_urls")),
    path("events/<uuid:stream>/findings", findings.findings_page, name="findings"),
    path("rules/<slug:rule>", findings.rule_page, name="rule"),
    path("events/<uuid:stream>/approvals", approvals.approvals_page, name="approvals"),
    path("events/<uuid:stream>/approvals/<int:version>", approvals.version_page, name="approval-version"),
    path("verify/", verification.verify_page, name="verify"),
    path("verify/<uuid:stream>/", verification.verify_page, name="verify-event"),
    path("verify/<uuid:stream>/<str:printed>", verification.verify_hash_page, name="verify-hash"),
    path("events/<uuid:stream>/questions", discussions.questions_page, name="questions"),
    path("events/<uuid:stream>/questions/<str:question>", discussions.question_page, name="question"),
    path("events/<uuid:stream>/attachments", attachments.attachments_page, name="attachments"),
    path(
        "events/<uuid:stream>/attachments/<str:attachment>",
        attachments.attachment_content,
        name="attachment",
    ),
    path("events/<uuid:stream>/history", history.history_page, name="history"),
]
