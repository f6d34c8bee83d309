# SPDX-License-Identifier: Apache-2.0
"""Organisations: known at the start, added and renamed by administrators."""

from __future__ import annotations

from uuid import UUID

from hamkor.agencies.commands.recording import recorded, require_administrator
from hamkor.agencies.models import LEVELS, Body
from hamkor.agencies.queries import get_agency, list_agencies
from hamkor.agencies.rules import Viewer
from hamkor.common.errors import HamkorError
from hamkor.common.i18n import LANGUAGES
from hamkor.common.messages import N_

NAME_MAX = 200
SEEDED_KINDS = ("state", "commission")


class BodyWrongError(HamkorError):
    """An organisation cannot be like this."""


def ensure_bodies() -> int:
    """Adds the state bodies and the commission that every installation knows; returns how many were missing."""
    added = 0
    with recorded(None, "ensure_bodies"):
        known = set(Body.objects.filter(parent=None, level="republic").values_list("agency", flat=True))
        for agency in list_agencies():
            if agency.kind in SEEDED_KINDS and agency.code not in known:
                Body.objects.create(agency=agency.code, level="republic", names=dict(agency.names))
                added += 1
    return added


def add_body(
    viewer: Viewer,
    *,
    agency: str,
    level: str,
    names: dict[str, str],
    parent_id: UUID | None,
    region: str = "",
) -> UUID:
    """Adds an organisation and returns its id.

    Args:
        viewer: An administrator.
        agency: Code of the party it belongs to.
        level: ``republic``, ``region``, ``district`` or ``organisation``.
        names: Its name by language; one at least.
        parent_id: The organisation above it, of the same party and of a higher level.
        region: Region or district it serves, in words.

    Raises:
        AdministratorOnlyError: Not an administrator.
        BodyWrongError: ``body-wrong``.
    """
    require_administrator(viewer)
    get_agency(agency)
    parent = Body.objects.filter(pk=parent_id).first() if parent_id else None
    _check_place(agency, level, parent)
    with recorded(viewer, "add_body"):
        body = Body.objects.create(
            agency=agency, level=level, names=_clean_names(names), parent=parent, region=region.strip()[:40]
        )
    return body.pk


def change_body(viewer: Viewer, *, body_id: UUID, names: dict[str, str], region: str) -> None:
    """Renames an organisation.

    Raises:
        AdministratorOnlyError: Not an administrator.
        BodyWrongError: ``body-wrong``, or ``item-unknown``.
    """
    require_administrator(viewer)
    cleaned = _clean_names(names)
    with recorded(viewer, "change_body"):
        if not Body.objects.filter(pk=body_id).update(names=cleaned, region=region.strip()[:40]):
            raise BodyWrongError("item-unknown", N_("There is no such organisation."))


def _check_place(agency: str, level: str, parent: Body | None) -> None:
    if level not in LEVELS:
        raise BodyWrongError("body-wrong", N_("There is no level “{level}”."), level=level)
    if agency == "all":
        raise BodyWrongError(
            "body-wrong", N_("“Every state body” is not an organisation: choose one agency.")
        )
    if parent is None:
        return
    if parent.agency != agency:
        raise BodyWrongError("body-wrong", N_("The organisation above must be of the same agency."))
    if LEVELS.index(parent.level) >= LEVELS.index(level):
        raise BodyWrongError("body-wrong", N_("The organisation above must be of a higher level."))


def _clean_names(names: dict[str, str]) -> dict[str, str]:
    cleaned = {code: names[code].strip() for code in LANGUAGES if names.get(code, "").strip()}
    if not cleaned:
        raise BodyWrongError("body-wrong", N_("Give the name in one language at least."))
    if max(len(name) for name in cleaned.values()) > NAME_MAX:
        raise BodyWrongError("body-wrong", N_("The name is longer than {limit} letters."), limit=NAME_MAX)
    return cleaned
