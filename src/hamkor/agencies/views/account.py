# SPDX-License-Identifier: Apache-2.0
"""One's own account: who one is to others, and how it is protected."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LogoutView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hamkor.agencies.commands import change_own_details
from hamkor.agencies.commands.people import end_session
from hamkor.agencies.forms import DetailsForm
from hamkor.agencies.queries.directory import get_security, list_roles_of
from hamkor.agencies.views.access import person_of


@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    """Shows and keeps what a person says of themselves."""
    user = person_of(request)
    held = {name: getattr(user, name) for name in ("name", "rank", "position", "phone", "language")}
    form = DetailsForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        change_own_details(user, **form.cleaned_data)
        return redirect("account")
    context = {
        "form": form,
        "security": get_security(user),
        "roles": list_roles_of(user),
        "now": timezone.now(),
    }
    return render(request, "agencies/account.html", context, status=422 if form.errors else 200)


class SignOut(LogoutView):  # type: ignore[misc]  # the library has no types
    """Signing out: the browser is told to empty what it keeps of this server."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ends the session; who was between two steps of signing in loses nothing they typed before."""
        was_signed_in = request.user.is_authenticated
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if was_signed_in:
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


sign_out = SignOut.as_view()


@require_POST
@login_required
def end_session_of_own(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one session of the person."""
    end_session(person_of(request), session_id=pk)
    return redirect("usersessions_list")


def closed(request: HttpRequest) -> HttpResponse:
    """A page of the library of sign-in that is not offered here."""
    raise Http404
