# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hamkor.common.errors import HamkorError
from hamkor.discussions.commands import (
    FileStore,
    answer_question,
    ask_question,
    attach_file,
    close_question,
    strike_comment,
    write_comment,
)
from hamkor.discussions.queries import (
    Counts,
    count_discussions,
    get_question,
    list_attachments,
    list_comments,
    list_questions,
)
from hamkor.discussions.rules import THE_EVENT, About, Addressee
from hamkor.discussions.rules.uploads import Upload
from hamkor.discussions.tests.builders import (
    AUDITOR,
    COLLEAGUE,
    MEDIC,
    NOW,
    PLANNER,
    STRANGER,
    STREAM,
    envelope,
    store_with_event,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents
from hamkor.journal.rules import Documents

DUTY = About(part="duties", item="count-people")
FIELD = About(part="duties", item="count-people", field="accountable")
HOUR = timedelta(hours=1)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


def ask(store: MemoryStore, who: Any, text: str, *, to: Addressee, hours: int, about: About = DUTY) -> str:
    sent = envelope(who)
    ask_question(store, sent, viewer=who, about=about, text=text, to=to, deadline_at=NOW + hours * HOUR)
    return str(sent.command_id)


def texts(shown: Any) -> list[str]:
    return [item.question.text for item in shown]


def test_questions_come_by_urgency(store: MemoryStore) -> None:
    to_medics, to_police = Addressee(agency="tty"), Addressee(agency="iib")
    ask(store, PLANNER, "late", to=to_medics, hours=48)
    ask(store, PLANNER, "soon", to=to_medics, hours=2)
    ask(store, PLANNER, "overdue", to=to_medics, hours=1)
    answered = ask(store, PLANNER, "answered", to=to_medics, hours=72)
    closed = ask(store, PLANNER, "closed", to=to_medics, hours=3)
    ask(store, MEDIC, "for the police", to=to_police, hours=5)
    answer_question(store, envelope(MEDIC, after=HOUR), viewer=MEDIC, question_id=answered, text="yes")
    close_question(store, envelope(PLANNER, after=2 * HOUR), viewer=PLANNER, question_id=closed)
    documents = get_documents(store, STREAM)
    now = NOW + 1.5 * HOUR
    found = list_questions(MEDIC, documents, now)
    assert texts(found.to_answer) == ["overdue", "soon", "late"]
    assert [item.state for item in found.to_answer] == ["overdue", "open", "open"]
    assert found.to_answer[0].left == -0.5 * HOUR
    assert texts(found.asked) == ["for the police"]
    assert texts(found.open) == ["overdue", "soon", "for the police", "late"]
    assert texts(found.settled) == ["closed", "answered"]
    mine = list_questions(PLANNER, documents, now)
    assert texts(mine.asked) == ["answered", "overdue", "soon", "late"]
    assert texts(mine.to_answer) == texts(list_questions(COLLEAGUE, documents, now).to_answer)
    assert texts(list_questions(AUDITOR, documents, now).to_answer) == []
    assert get_question(AUDITOR, documents, answered, now=now).state == "answered"


def test_threads_are_about_one_thing(store: MemoryStore) -> None:
    for about in (THE_EVENT, DUTY, FIELD, About(finding="LAW-001")):
        write_comment(store, envelope(PLANNER), viewer=PLANNER, about=about, text="a")
    documents = get_documents(store, STREAM)
    assert [item.about for item in list_comments(AUDITOR, documents)] == [
        THE_EVENT,
        DUTY,
        FIELD,
        About(finding="LAW-001"),
    ]
    assert [item.about for item in list_comments(AUDITOR, documents, DUTY)] == [DUTY, FIELD]
    assert [item.about for item in list_comments(AUDITOR, documents, FIELD)] == [FIELD]
    assert [item.about for item in list_comments(AUDITOR, documents, THE_EVENT)] == [THE_EVENT]


def test_badges_count_what_still_stands(store: MemoryStore, tmp_path: Path) -> None:
    struck = envelope(PLANNER)
    write_comment(store, struck, viewer=PLANNER, about=DUTY, text="a")
    strike_comment(store, envelope(PLANNER), viewer=PLANNER, comment_id=str(struck.command_id))
    write_comment(store, envelope(PLANNER), viewer=PLANNER, about=FIELD, text="a")
    write_comment(store, envelope(PLANNER), viewer=PLANNER, about=About(part="duties"), text="a")
    write_comment(store, envelope(PLANNER), viewer=PLANNER, about=About(finding="LAW-001"), text="a")
    ask(store, PLANNER, "overdue", to=Addressee(agency="tty"), hours=1)
    ask(store, PLANNER, "open", to=Addressee(agency="tty"), hours=3, about=THE_EVENT)
    upload = Upload(name="a.txt", content=b"a")
    attach_file(
        store, envelope(PLANNER), viewer=PLANNER, files=FileStore(tmp_path), about=DUTY, upload=upload
    )
    badges = count_discussions(AUDITOR, get_documents(store, STREAM), NOW + 2 * HOUR)
    of_item = Counts(comments=1, questions=1, overdue=1, attachments=1)
    assert badges.of_item("duties", "count-people") == of_item
    assert badges.of_part("duties") == of_item + Counts(comments=1)
    assert badges.of_finding("LAW-001") == Counts(comments=1)
    assert badges.event == Counts(questions=1)
    assert badges.of_part("weather") == badges.of_item("duties", "x") == badges.of_finding("x") == Counts()
    assert badges.of_part("duties").total == 4


def test_reading_needs_the_right_to_read() -> None:
    documents = Documents()
    asks = (
        lambda: list_comments(STRANGER, documents),
        lambda: list_questions(STRANGER, documents, NOW),
        lambda: list_attachments(STRANGER, documents),
        lambda: count_discussions(STRANGER, documents, NOW),
        lambda: get_question(STRANGER, documents, "x", now=NOW),
    )
    for reading in asks:
        with pytest.raises(HamkorError, match="not-allowed"):
            reading()


def test_nothing_said_is_nothing_found() -> None:
    documents = Documents()
    assert list_comments(AUDITOR, documents) == list_attachments(AUDITOR, documents) == ()
    assert list_questions(AUDITOR, documents, NOW).open == ()
    assert count_discussions(AUDITOR, documents, NOW).event == Counts()
    with pytest.raises(HamkorError, match="discussion-absent"):
        get_question(AUDITOR, documents, "x", now=NOW)
