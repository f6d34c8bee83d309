# SPDX-License-Identifier: Apache-2.0
"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Organisations, people, roles and sign-in."""

    name = "hamkor.agencies"
    label = "agencies"
