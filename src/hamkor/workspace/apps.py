# SPDX-License-Identifier: Apache-2.0
"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The planning workspace."""

    name = "hamkor.workspace"
    label = "workspace"
