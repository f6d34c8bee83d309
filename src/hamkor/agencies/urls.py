# SPDX-License-Identifier: Apache-2.0
"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from hamkor.agencies import views

urlpatterns = [path("account", views.account_page, name="account")]
