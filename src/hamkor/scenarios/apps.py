# SPDX-License-Identifier: Apache-2.0
"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """What-if runs and their results."""

    name = "hamkor.scenarios"
    label = "scenarios"
