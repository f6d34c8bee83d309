# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from hamkor.centre.rules.counting import make_report
from hamkor.centre.rules.situation import Period, SituationReport
from hamkor.common.i18n import LANGUAGES
from hamkor.events.rules import Event
from hamkor.incidents.rules.incidents import Incident
from hamkor.journal.rules import Documents
from hamkor.operation.rules.places import Place
from hamkor.operation.rules.running import Mode, Operation
from hamkor.orders.rules import Addressee, Limits, Message, Receipt
from hamkor.printing.situation import situation_pdf

NOW = datetime(2027, 3, 21, 14, 0, tzinfo=UTC)
BY = "person:x"
ATTACK = "#panic() \u202e\x1b[31m $x$ *bold* <label> " + "verylongword" * 40
GATE = Addressee(kind="post", id="gate-3", agency="iib")


def report_of(mode: Mode = "real", text: str = "People push.", count: int = 3) -> SituationReport:
    event = Event(format="hamkor-event-1", id="e", name="Navruz evening", kind="fair")
    operation = Operation(mode=mode, phase_since=NOW, opened_at=NOW, opened_by=BY)
    incidents = [
        Incident(
            id=f"i{number}",
            number=number,
            title=text[:100],
            state="reported",
            priority=1,
            source="radio",
            reported_at=NOW,
            reported_by=BY,
            agency="iib",
            place=Place(words=text[:100]),
        )
        for number in range(1, count + 1)
    ]
    message = Message(
        id="m",
        number=1,
        sort="order",
        urgency="flash",
        sender=BY,
        to=(GATE,),
        text=text,
        sent_at=NOW,
        limits=Limits(profile="x", deliver_s=1, see_s=1, answer_s=1, escalate_s=1),
        receipts=(Receipt(addressee=GATE, awaited_from=NOW),),
        state="sent",
    )
    documents = Documents(
        [
            (("event", "e"), event),
            (("operation", "operation"), operation),
            (("message", "m"), message),
            *((("incident", incident.id), incident) for incident in incidents),
        ],
        number=7,
    )
    return make_report(documents, Period(NOW, NOW + timedelta(hours=1)))


def pages_of(content: bytes) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return [" ".join(page.replace("\u2060", "").replace("\u200b", "").split()) for page in pages]


def test_the_paper_says_what_the_text_says() -> None:
    (page,) = pages_of(situation_pdf(report_of(), "en", "0123456789abcdef" * 4))
    for needed in (
        "Situation report: Navruz evening, 2027-03-21 19:00 to 2027-03-21 20:00",
        "Incidents reported: 3; open now: 3.",
        "H-0001 19:00 1 critical People push.",
        "record up to entry 7 · 01234567 89abcdef",
        "page 1 of 1",
    ):
        assert needed in page, page
    assert "drill" not in page.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_printed_in_every_language(language: str) -> None:
    assert "H-0003" in pages_of(situation_pdf(report_of(), language))[0]


def test_every_page_of_a_drill_says_so() -> None:
    pages = pages_of(situation_pdf(report_of("drill", "People push. " * 60, 40), "en"))
    assert len(pages) > 1
    for page in pages:
        assert "This is a drill. Nothing of it is real." in page
        assert "DRILL" in page


def test_texts_of_users_are_no_markup() -> None:
    (page, *_) = pages_of(situation_pdf(report_of(text=ATTACK), "en"))
    assert "#panic() [31m $x$ *bold* <label>" in page


def test_what_is_not_listed_is_told() -> None:
    words = " ".join(pages_of(situation_pdf(report_of(count=50), "en")))
    assert "The first 40 are listed; 10 more are not." in words
