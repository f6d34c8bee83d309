# SPDX-License-Identifier: Apache-2.0
"""Pages about one's own account, about people and their roles."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    return render(request, "agencies/account.html")
