# SPDX-License-Identifier: Apache-2.0
"""Organisations, the people in them, and the history of both."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hamkor.agencies import commands
from hamkor.agencies.commands.people import remove_factors
from hamkor.agencies.forms import BodyForm, InviteForm, PersonForm
from hamkor.agencies.models import Body, User
from hamkor.agencies.queries import directory
from hamkor.agencies.queries.people import viewer_of
from hamkor.agencies.rules.rights import ROLE_NAMES, Role
from hamkor.agencies.views.access import administrator_view, hand_over, person_of, take_link


@login_required
def bodies_page(request: HttpRequest) -> HttpResponse:
    """The tree of organisations."""
    user = person_of(request)
    context = {"tree": directory.list_tree(), "may_edit": user.is_administrator, "form": BodyForm()}
    return render(request, "agencies/bodies.html", {**context, "bodies": directory.list_bodies()})


@require_POST
@administrator_view
def add_body(request: HttpRequest) -> HttpResponse:
    """Adds an organisation."""
    form = BodyForm(request.POST)
    if not form.is_valid():
        context = {
            "tree": directory.list_tree(),
            "may_edit": True,
            "form": form,
            "bodies": directory.list_bodies(),
        }
        return render(request, "agencies/bodies.html", context, status=422)
    values, parent = form.cleaned_data, form.cleaned_data["parent"]
    body_id = commands.add_body(
        viewer_of(person_of(request)),
        agency=values["agency"],
        level=values["level"],
        names=form.names(),
        parent_id=parent.pk if parent else None,
        region=values["region"],
    )
    return redirect("body", pk=body_id)


@login_required
def body_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One organisation with its people, for themselves and for administrators."""
    user = person_of(request)
    body = get_object_or_404(Body, pk=pk)
    if not user.is_administrator and user.body_id != body.pk:
        raise Http404
    return _render_body(request, body, InviteForm())


@require_POST
@administrator_view
def change_body(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Renames an organisation."""
    names = {code: request.POST.get(f"name_{code}", "") for code in ("uz", "ru", "en")}
    viewer = viewer_of(person_of(request))
    held = get_object_or_404(Body, pk=pk).names
    merged = {code: name for code, name in {**held, **names}.items() if name}
    commands.change_body(viewer, body_id=pk, names=merged, region=request.POST.get("region", ""))
    return redirect("body", pk=pk)


@require_POST
@administrator_view
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invites a person to an organisation."""
    body = get_object_or_404(Body, pk=pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _render_body(request, body, form, status=422)
    link = commands.invite(
        viewer_of(person_of(request)), body_id=body.pk, at=timezone.now(), **form.cleaned_data
    )
    hand_over(request, link)
    return redirect("body", pk=body.pk)


@administrator_view
def person_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person, for administrators."""
    person = get_object_or_404(User.objects.select_related("body"), pk=pk)
    form = PersonForm(
        request.POST or None,
        initial={"body": person.body_id, "rank": person.rank, "position": person.position},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        commands.change_person(
            viewer_of(person_of(request)),
            user_id=pk,
            body_id=values["body"].pk,
            rank=values["rank"],
            position=values["position"],
        )
        return redirect("person", pk=pk)
    roles = [(row, ROLE_NAMES.get(cast(Role, row.role), row.role)) for row in directory.list_roles_of(person)]
    context = {
        "person": person,
        "form": form,
        "roles": roles,
        "security": directory.get_security(person),
        "bodies": directory.list_bodies(),
        "link": take_link(request),
        "now": timezone.now(),
    }
    return render(request, "agencies/person.html", context, status=422 if form.errors else 200)


@require_POST
@administrator_view
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def act_on_person(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Does one dangerous thing to an account, after the administrator has confirmed who they are."""
    viewer = viewer_of(person_of(request))
    acts: dict[str, Any] = {
        "close": lambda: commands.close_account(viewer, user_id=pk),
        "open": lambda: commands.open_account(viewer, user_id=pk),
        "make-administrator": lambda: commands.set_administrator(viewer, user_id=pk, value=True),
        "end-administrator": lambda: commands.set_administrator(viewer, user_id=pk, value=False),
        "remove-factors": lambda: remove_factors(viewer, user_id=pk),
        "password-link": lambda: hand_over(
            request, commands.make_password_link(viewer, user_id=pk, at=timezone.now())
        ),
    }
    if act not in acts:
        raise Http404
    acts[act]()
    return redirect("person", pk=pk)


@administrator_view
def history_page(request: HttpRequest) -> HttpResponse:
    """Who changed roles, people and organisations."""
    return render(request, "agencies/history.html", {"changes": directory.list_changes()})


def _render_body(request: HttpRequest, body: Body, form: InviteForm, *, status: int = 200) -> HttpResponse:
    viewer = viewer_of(person_of(request))
    context = {
        "body": body,
        "people": directory.list_people_of(body, viewer=viewer),
        "invitations": directory.list_open_invitations(at=timezone.now(), body=body)
        if viewer.is_administrator
        else [],
        "may_edit": viewer.is_administrator,
        "form": form,
        "link": take_link(request),
    }
    return render(request, "agencies/body.html", context, status=status)
