# SPDX-License-Identifier: Apache-2.0
"""Paper compared with the record, by anybody: a printed hash, or an exported journal; a guess is told nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from hamkor.agencies.models import User
from hamkor.agencies.queries.people import find_people, get_viewer
from hamkor.agencies.rules import Viewer
from hamkor.approvals.queries import Certificate, CertificateCheck, Signature, check_certificate
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.events.rules import Event
from hamkor.journal.queries import get_documents, get_head
from hamkor.journal.rules import read_lines, verify_lines
from hamkor.workspace.people_shown import names_for
from hamkor.workspace.stores import journals

RATES = {"verify": "60/m/ip", "verify-file": "10/m/ip"}
MOST_FILE_BYTES = 50_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
TOO_OFTEN = N_("Too many attempts from here. Wait a minute and try again.")


class VerifyRefusedError(HamkorError):
    """What was sent cannot be compared with anything."""


class SignatureShown(msgspec.Struct, frozen=True):
    """A signature with who gave it: an office for the public, a name for those who may see names."""

    signature: Signature
    by: str


class Answer(msgspec.Struct, frozen=True):
    """What is said about a hash.

    Args:
        check: Whether and where it belongs to the record.
        event: The event, None when the hash is of none.
        signatures: Who signed the version.
        final_by: Who approved it finally.
    """

    check: CertificateCheck
    event: Event | None = None
    signatures: tuple[SignatureShown, ...] = ()
    final_by: str = ""


class FileAnswer(msgspec.Struct, frozen=True):
    """What is said about an exported journal.

    Args:
        number: Number of its last entry.
        hash: Hash of that entry.
        withheld: How many of its bodies are withheld.
        sought: The hash from paper that was to be found in it, empty for none.
        found: Number of the entry with that hash, None when there is none.
    """

    number: int
    hash: str | None
    withheld: int
    sought: str
    found: int | None


def verify_page(request: HttpRequest, stream: UUID | None = None) -> HttpResponse:
    """Asks for a hash, or for an exported journal."""
    if request.method != "POST":
        return _page(request, stream)
    try:
        if "journal" in request.FILES:
            return _page(request, stream, file_answer=_read_journal(request))
        return HttpResponseRedirect(_address(request, stream))
    except HamkorError as error:
        return _page(request, stream, fault=error.message, status=429 if error.code == "too-many" else 422)


def verify_hash_page(request: HttpRequest, stream: UUID, printed: str) -> HttpResponse:
    """Says whether a printed hash belongs to the record of an event, and what was signed with it."""
    try:
        _require_seldom(request, "verify")
    except HamkorError as error:
        return _page(request, stream, fault=error.message, status=429)
    answer = _answer(request, stream, printed)
    return _page(
        request, stream, answer=answer, printed=printed, status=200 if answer.check.is_known else 404
    )


def _answer(request: HttpRequest, stream: UUID, printed: str) -> Answer:
    store = journals()
    if not _HASH.fullmatch(printed) or get_head(store, stream).number == 0:
        return Answer(CertificateCheck(is_known=False))
    try:
        check = check_certificate(store, stream=stream, printed_hash=printed)
    except HamkorError:
        return Answer(CertificateCheck(is_known=False))  # a journal without an event proves nothing
    if not check.is_known:
        return Answer(check)
    found = get_documents(store, stream).all("event")
    event = found[0] if found and isinstance(found[0], Event) else None
    if check.certificate is None:
        return Answer(check, event)
    return _with_people(request, stream, Answer(check, event), check.certificate)


def _with_people(request: HttpRequest, stream: UUID, answer: Answer, certificate: Certificate) -> Answer:
    references = {signature.by for signature in certificate.signatures}
    references |= {certificate.final_by} if certificate.final_by else set()
    names = names_for(_viewer(request, stream), references, find_people(references))
    signatures = tuple(SignatureShown(each, names[each.by]) for each in certificate.signatures)
    return msgspec.structs.replace(
        answer, signatures=signatures, final_by=names.get(certificate.final_by or "", "")
    )


def _viewer(request: HttpRequest, stream: UUID) -> Viewer | None:
    user = request.user
    return get_viewer(user, stream=stream, at=datetime.now(UTC)) if isinstance(user, User) else None


def _address(request: HttpRequest, stream: UUID | None) -> str:
    """Returns the page of a typed or pasted hash.

    Raises:
        VerifyRefusedError: ``hash-malformed`` or ``event-missing``.
    """
    event = stream or _event_of(request.POST.get("event", ""))
    printed = re.sub(r"[\s:.-]+", "", request.POST.get("hash", "")).lower()
    if not _HASH.fullmatch(printed):
        template = N_(
            "A hash has 64 digits 0–9 and letters a–f; this has {count}. Copy it whole from the paper."
        )
        raise VerifyRefusedError("hash-malformed", template, count=len(printed))
    return reverse("verify-hash", kwargs={"stream": event, "printed": printed})


def _event_of(text: str) -> UUID:
    """Returns the id of an event from the address printed on paper, or from the id itself."""
    found = re.search(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", text.lower())
    if found is None:
        template = N_("The address of the event is missing. It stands on the paper above the hash.")
        raise VerifyRefusedError("event-missing", template)
    return UUID(found.group())


def _read_journal(request: HttpRequest) -> FileAnswer:
    """Returns what an exported journal proves; nothing of it is kept.

    Raises:
        HamkorError: What is wrong with the file, and where.
    """
    _require_seldom(request, "verify-file")
    sent = request.FILES.getlist("journal")[0]
    if sent.size is None or sent.size > MOST_FILE_BYTES:
        template = N_(
            "The file is larger than {most} MB. Verify it with `hamkor journal verify` on your own machine."
        )
        raise VerifyRefusedError("too-large", template, most=MOST_FILE_BYTES // 1_000_000)
    content = sent.read()
    verified = verify_lines(content)
    sought = re.sub(r"[\s:.-]+", "", request.POST.get("hash", "")).lower()
    found = None
    if sought:
        found = next((entry.number for entry in read_lines(content) if entry.hash == sought), None)
    return FileAnswer(verified.number, verified.hash, len(verified.withheld), sought, found)


def _require_seldom(request: HttpRequest, action: str) -> None:
    """Returns when this did not come too often from one place.

    Raises:
        VerifyRefusedError: ``too-many``.
    """
    if not ratelimit.consume(request, app="hamkor", action=action, config=RATES, limit_get=True):
        raise VerifyRefusedError("too-many", TOO_OFTEN)


def _page(
    request: HttpRequest,
    stream: UUID | None,
    *,
    status: int = 200,
    fault: Message | None = None,
    **found: Any,
) -> HttpResponse:
    values = {
        "stream": stream,
        "fault": fault,
        "typed": request.POST,
        "most_bytes": MOST_FILE_BYTES,
        **found,
    }
    answer = render(request, "workspace/verify.html", values, status=status)
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store"
    return answer
