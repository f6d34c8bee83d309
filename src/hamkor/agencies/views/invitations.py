# SPDX-License-Identifier: Apache-2.0
"""The page behind the link of an invitation. Opening it uses nothing up: scanners of mail open links too."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hamkor.agencies.commands import accept_invitation, revoke_invitation
from hamkor.agencies.commands.invitations import InvitationOverError, digest_of
from hamkor.agencies.forms import AcceptForm
from hamkor.agencies.models import Invitation
from hamkor.agencies.queries.people import viewer_of
from hamkor.agencies.rules import Role
from hamkor.agencies.rules.rights import ROLE_NAMES
from hamkor.agencies.views.access import administrator_view, person_of

KEY = "agencies.invitation"
KEY_MAX = 200


@never_cache
def accept_page(request: HttpRequest) -> HttpResponse:
    """Takes the key out of the address at once, then asks for name and password or a passkey."""
    if "key" in request.GET:
        request.session[KEY] = request.GET["key"][:KEY_MAX]
        return redirect("invitation")
    if not ratelimit.consume(request, action="invitation"):
        refused: HttpResponse = ratelimit.respond_429(request)
        return refused
    key = request.session.get(KEY, "")
    invitation = Invitation.objects.select_related("body", "user").filter(digest=digest_of(key)).first()
    if invitation is None or not invitation.is_open(timezone.now()):
        return _over(request)
    form = AcceptForm(
        request.POST or None,
        invitation=invitation,
        with_passkey=request.POST.get("way") == "passkey",
        initial={"name": invitation.name},
    )
    if request.method == "POST" and form.is_valid():
        return _accept(request, key, form)
    context = {"form": form, "invitation": invitation, "role": ROLE_NAMES.get(cast(Role, invitation.role))}
    return render(request, "agencies/accept.html", context, status=422 if form.errors else 200)


@require_POST
@administrator_view
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraws an invitation."""
    found = Invitation.objects.filter(pk=pk).first()
    if found is not None:
        revoke_invitation(viewer_of(person_of(request)), invitation_id=found.pk, at=timezone.now())
    return redirect("body", pk=found.body_id) if found is not None and found.body_id else redirect("bodies")


def _accept(request: HttpRequest, key: str, form: AcceptForm) -> HttpResponse:
    password = form.cleaned_data.get("password1") or None
    try:
        user = accept_invitation(
            key, name=form.cleaned_data.get("name", ""), password=password, at=timezone.now()
        )
    except InvitationOverError:
        return _over(request)
    request.session.pop(KEY, None)
    target = reverse("mfa_add_webauthn") if form.with_passkey else reverse("account")
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=target)
    return answer


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "agencies/invitation_over.html", status=410)
