# SPDX-License-Identifier: Apache-2.0
"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Layout and everything pages share."""

    name = "hamkor.pages"
    label = "pages"
