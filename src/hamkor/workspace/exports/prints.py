# SPDX-License-Identifier: Apache-2.0
"""The plan on paper: asked for on a page, set by the worker, kept for a day, never given out once it is outdated."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from hamkor.agencies.rules import may, require
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.journal.queries import get_documents
from hamkor.plans.commands import list_details
from hamkor.plans.queries import plan_of
from hamkor.plans.rules.plan import Plan
from hamkor.printing.plan_docx import plan_docx
from hamkor.printing.plan_pdf import plan_pdf
from hamkor.printing.signatures import Certificate
from hamkor.workspace.checking import findings_of
from hamkor.workspace.event_page import EventPage
from hamkor.workspace.exports.access import has_personal, log_access
from hamkor.workspace.exports.certificates import Wanted, certificate_for, current_version, find_version
from hamkor.workspace.models import PRINT_FORMS, Print
from hamkor.workspace.stores import journals, vault

KEPT_FOR = timedelta(days=1)
# The worker was stopped in the middle, or is not there: ask it again.
PATIENCE = timedelta(minutes=5)
SET_BY = {"pdf": plan_pdf, "docx": plan_docx}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FAILED = N_("It could not be set. Ask for it again; if it fails again, tell the administrator.")


class PrintRefusedError(HamkorError):
    """This cannot be printed, or what was printed is not to be given out."""


class Paper(msgspec.Struct, frozen=True):
    """Everything that goes on paper.

    Args:
        plan: The plan, with names where they are to be printed.
        nameless: The same without names, which is what is checked.
        certificate: Signatures and state.
    """

    plan: Plan
    nameless: Plan
    certificate: Certificate


def ask_for_print(page: EventPage, *, form: str, language: str, version: int | None, address: str) -> Print:
    """Returns the print that was asked for: one that is there already, or a new one the worker will make.

    Args:
        page: The event as the person sees it.
        form: ``pdf`` or ``docx``.
        language: One of the four languages.
        version: A version that was put to approval; None for the plan as it is now.
        address: Address of the installation, printed for those who compare.

    Raises:
        NotAllowedError: ``not-allowed``.
        PrintRefusedError: ``print-unknown``.
    """
    require(page.viewer, "export_plan")
    if form not in PRINT_FORMS:
        raise PrintRefusedError("print-unknown", N_("A plan is printed as PDF or DOCX. Choose one of them."))
    number, chosen = _chosen(page, version)
    row = Print(
        stream=page.stream,
        number=number,
        version=chosen,
        form=form,
        language=language,
        is_named=may(page.viewer, "see_personal"),
        address=address,
        asked_at=page.now,
    )
    row.key = key_of(row)
    with transaction.atomic():
        kept, is_new = Print.objects.select_for_update().get_or_create(
            key=row.key, defaults={name: getattr(row, name) for name in _FIELDS}
        )
        if is_new or _is_to_be_made(kept, page.now):
            Print.objects.filter(pk=kept.pk).update(state="waiting", fault="", asked_at=page.now)
            kept.refresh_from_db()
            _send_to_worker(kept)
    return kept


_FIELDS = ("stream", "number", "version", "form", "language", "is_named", "address", "asked_at")


def make_paper(print_id: UUID, *, now: datetime) -> None:
    """Sets a print and keeps it; says in its row why when it cannot.

    Args:
        print_id: Which one; nothing happens when it is gone or done.
        now: Moment of printing, aware.
    """
    row = Print.objects.filter(pk=print_id).first()
    if row is None or (row.state == "done" and path_of(row).is_file()):
        return
    try:
        paper = paper_of(row, at=now)
        report = findings_of(str(row.stream), row.number, paper.nameless)
        content = SET_BY[row.form](paper.plan, report, row.language, certificate=paper.certificate)
        _keep(path_of(row), content)
    except HamkorError as refused:
        _finish(row, "failed", fault=refused.message.render(row.language)[:400])
    except BaseException:
        _finish(row, "failed", fault="")
        raise
    else:
        _finish(row, "done", made_at=now)


def read_print(page: EventPage, print_id: UUID) -> tuple[Print, bytes]:
    """Returns a finished print.

    Args:
        page: The event as the person sees it.
        print_id: Which one.

    Raises:
        NotAllowedError: ``not-allowed``.
        PrintRefusedError: ``not-found``; ``print-outdated``, when names or signatures have changed since.
    """
    require(page.viewer, "export_plan")
    row = Print.objects.filter(pk=print_id, stream=page.stream, state="done").first()
    if row is None or not path_of(row).is_file():
        template = N_("This print is not kept any more. Ask for it again on the page of prints.")
        raise PrintRefusedError("not-found", template)
    if row.is_named:
        require(page.viewer, "see_personal")
    if key_of(row) != row.key:
        drop_print(row)
        template = N_("Names or signatures have changed since this was printed. Ask for it again.")
        raise PrintRefusedError("print-outdated", template)
    if row.is_named and has_personal(page.plan):
        log_access(page.viewer, page.stream, f"print-{row.form}", number=row.number)
    return row, path_of(row).read_bytes()


def list_prints(page: EventPage) -> list[Print]:
    """Returns the prints of an event that a person may take, the newest first."""
    rows = Print.objects.filter(stream=page.stream, asked_at__gt=page.now - KEPT_FOR).order_by("-asked_at")
    return list(rows.filter(is_named=may(page.viewer, "see_personal"))[:12])


def paper_of(row: Print, *, at: datetime) -> Paper:
    """Returns everything that goes on a paper.

    Raises:
        PrintRefusedError: ``print-unknown``, when there was no event at that entry.
    """
    documents = get_documents(journals(), row.stream, until=row.number)
    details = list_details(vault(), str(row.stream)) if row.is_named else {}
    nameless = plan_of(documents, {})
    if nameless is None:
        raise PrintRefusedError("print-unknown", N_("There was no event at this entry of the record."))
    plan = plan_of(documents, details) or nameless
    wanted = Wanted(
        stream=row.stream,
        number=row.number,
        version=row.version,
        language=row.language,
        is_named=row.is_named,
        address=row.address,
    )
    return Paper(plan, nameless, certificate_for(wanted, nameless.event, at=at))


def key_of(row: Print) -> str:
    """Returns what a paper is known by: the plan, the language, the names and signatures on it, not the moment."""
    paper = paper_of(row, at=datetime.fromtimestamp(0, UTC))
    names = [(person.id, person.name, person.phone) for person in paper.plan.people or ()]
    told: list[Any] = [str(row.stream), row.number, row.form, row.language, row.is_named, names]
    return sha256(msgspec.json.encode([*told, paper.certificate])).hexdigest()


def path_of(row: Print) -> Path:
    """Returns where the file of a print is kept: apart from attachments, so that no backup holds it."""
    folder: Path = settings.ENVIRONMENT.data_dir / "prints" / str(row.stream)
    return folder / f"{row.key}.{row.form}"


def drop_print(row: Print) -> None:
    """Removes a print with its file."""
    path_of(row).unlink(missing_ok=True)
    row.delete()


def sweep_prints(now: datetime) -> int:
    """Removes prints older than a day; returns how many."""
    old = list(Print.objects.filter(asked_at__lt=now - KEPT_FOR))
    for row in old:
        drop_print(row)
    return len(old)


def _chosen(page: EventPage, version: int | None) -> tuple[int, int | None]:
    """Returns the number of the last entry of the plan to print, and its version when it has one."""
    put = current_version(page.stream) if version is None else find_version(page.stream, version)
    if put is not None:
        return put.head_number, put.version
    if version is not None:
        template = N_("There is no version {version} of this plan. Choose one from the list.")
        raise PrintRefusedError("print-unknown", template, version=version)
    return page.number, None


def _is_to_be_made(row: Print, now: datetime) -> bool:
    if row.state == "done":
        return not path_of(row).is_file()
    return row.state == "failed" or now - row.asked_at > PATIENCE


def _send_to_worker(row: Print) -> None:
    # By its name: the job itself stands above this module.
    app.configure_task("workspace.make_print", queue="default").defer(print_id=str(row.pk))


def _finish(row: Print, state: str, *, fault: str = "", made_at: datetime | None = None) -> None:
    Print.objects.filter(pk=row.pk).update(state=state, fault=fault, made_at=made_at)


def _keep(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, for the user of the process alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)
