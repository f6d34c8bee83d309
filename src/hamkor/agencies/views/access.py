# SPDX-License-Identifier: Apache-2.0
"""What the pages of the room share: who looks, and links that are shown once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from hamkor.agencies.commands.invitations import NewLink
from hamkor.agencies.commands.recording import require_administrator
from hamkor.agencies.models import Invitation, User
from hamkor.agencies.queries.directory import has_mail
from hamkor.agencies.queries.people import viewer_of

SHOWN_ONCE = "agencies.link"
View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> User:
    """Returns the signed-in person."""
    return cast("User", request.user)


def administrator_view(view: View) -> View:
    """Returns the view for administrators only; others learn who may."""

    @wraps(view)
    @login_required
    def opened(request: HttpRequest, **values: Any) -> HttpResponse:
        require_administrator(viewer_of(person_of(request)))
        return view(request, **values)

    return opened


def hand_over(request: HttpRequest, link: NewLink) -> None:
    """Mails a new link to whom it is for; without mail it is shown once to who made it."""
    address = request.build_absolute_uri(f"{reverse('invitation')}?key={link.key}")
    invitation = Invitation.objects.get(pk=link.invitation_id)
    if not has_mail():
        request.session[SHOWN_ONCE] = {"address": address, "email": invitation.email}
        return
    values = {"inviter": person_of(request).name, "link": address, "expires_at": invitation.expires_at}
    subject = render_to_string("agencies/email/invitation_subject.txt").strip()
    send_mail(
        subject, render_to_string("agencies/email/invitation_message.txt", values), None, [invitation.email]
    )
    request.session[SHOWN_ONCE] = {"address": "", "email": invitation.email}


def take_link(request: HttpRequest) -> dict[str, str] | None:
    """Returns the link that is to be shown now, and forgets it."""
    return cast("dict[str, str] | None", request.session.pop(SHOWN_ONCE, None))
