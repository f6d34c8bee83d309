# SPDX-License-Identifier: Apache-2.0
"""Every address of the server, room by room."""

from __future__ import annotations

from django.urls import include, path, re_path

from hamkor.config import health
from hamkor.workspace.api.application import addresses
from hamkor.workspace.api.problems import unknown_address

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("", include("hamkor.agencies.urls")),  # first: some pages of the library below are not offered
    path("accounts/", include("allauth.urls")),
    path("api/v1/", addresses()),
    re_path(r"^api/", unknown_address),
    path("", include("hamkor.console.urls")),
    path("", include("hamkor.workspace.urls")),
]
handler400 = "hamkor.pages.views.bad_request"
handler403 = "hamkor.pages.views.forbidden"
handler404 = "hamkor.pages.views.not_found"
handler500 = "hamkor.pages.views.server_error"
