# SPDX-License-Identifier: Apache-2.0
"""Files of messages: told with the message, opened by who may read it, and by nobody who only knows an id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hamkor.common.errors import HamkorError
from hamkor.discussions.commands import FileStore, attach_file, erase_file
from hamkor.discussions.queries import count_discussions, list_attachments, read_attachment
from hamkor.discussions.rules import OF_MESSAGES, THE_EVENT, About, AboutError, make_about
from hamkor.discussions.rules.uploads import FIELD, Upload
from hamkor.discussions.tests.builders import pdf
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import get_documents, list_entries
from hamkor.orders.commands import send_message
from hamkor.orders.queries import read_file
from hamkor.orders.tests.builders import (
    AUDITOR,
    COORDINATOR,
    FIRE,
    GUARD,
    MEDIC,
    NOW,
    OPERATOR,
    PARAMEDIC,
    PLANNER,
    STRANGER,
    STREAM,
    TO_TTY,
    draft,
    envelope,
    message_of,
    sent,
    store_with_plan,
)


@pytest.fixture
def store() -> MemoryStore:
    return store_with_plan()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def attached(store: MemoryStore, files: FileStore, who: Any = OPERATOR, about: About = OF_MESSAGES) -> str:
    asked = envelope(who)
    upload = Upload(name="way.pdf", content=pdf(), limits=FIELD)
    attach_file(store, asked, viewer=who, files=files, about=about, upload=upload)
    return str(asked.command_id)


def opened(store: MemoryStore, files: FileStore, who: Any, attachment_id: str) -> bytes:
    documents = get_documents(store, STREAM)
    return read_file(who, documents, files=files, stream=STREAM, attachment_id=attachment_id)[1]


def is_refused(store: MemoryStore, files: FileStore, who: Any, attachment_id: str) -> bool:
    with pytest.raises(HamkorError) as found:
        opened(store, files, who, attachment_id)
    return found.value.code == "file-absent"


def test_a_message_tells_its_files(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    message = message_of(store, sent(store, OPERATOR, draft(TO_TTY, attachments=(file, file))))
    assert message.attachments == (file,)
    (told,) = message.files
    assert (told.id, told.name, told.media_type, told.size_bytes) == (
        file,
        "way.pdf",
        "application/pdf",
        len(pdf()),
    )


def test_a_file_opens_to_who_may_read_its_message(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    assert is_refused(store, files, MEDIC, file)
    sent(store, OPERATOR, draft(TO_TTY, attachments=(file,)))
    for who in (OPERATOR, COORDINATOR, AUDITOR, MEDIC):
        assert opened(store, files, who, file) == pdf()
    # An order to a party is read by its liaison officers, not by everybody of it in the field.
    for who in (FIRE, GUARD, PARAMEDIC, PLANNER, STRANGER):
        assert is_refused(store, files, who, file)


def test_only_who_attached_it_opens_a_file_that_was_not_sent(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files, GUARD)
    assert opened(store, files, GUARD, file) == pdf()
    assert is_refused(store, files, COORDINATOR, file)
    assert is_refused(store, files, GUARD, "none")


def test_an_id_is_not_enough_to_send_a_file_to_oneself(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    before = len(list_entries(store, STREAM))
    with pytest.raises(HamkorError) as found:
        send_message(
            store, envelope(FIRE), viewer=FIRE, message=draft(TO_TTY, sort="request", attachments=(file,))
        )
    assert found.value.code == "attachment-absent"
    assert len(list_entries(store, STREAM)) == before


def test_who_got_a_file_may_send_it_on(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    sent(store, OPERATOR, draft(TO_TTY, attachments=(file,)))
    on = draft(sort="request", attachments=(file,))
    assert message_of(store, sent(store, MEDIC, on)).attachments == (file,)


def test_a_file_of_the_plan_may_go_with_a_message(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files, about=THE_EVENT)
    assert message_of(store, sent(store, MEDIC, draft(sort="request", attachments=(file,)))).files


def test_files_of_messages_are_not_in_the_plan(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    sent(store, OPERATOR, draft(TO_TTY, attachments=(file,)))
    documents = get_documents(store, STREAM)
    assert list_attachments(OPERATOR, documents) == ()
    assert count_discussions(OPERATOR, documents, NOW).parts == {}
    with pytest.raises(HamkorError) as found:
        read_attachment(OPERATOR, documents, files=files, stream=STREAM, attachment_id=file)
    assert found.value.code == "discussion-absent"
    with pytest.raises(AboutError):
        make_about(part="messages")


def test_who_may_not_send_attaches_nothing(store: MemoryStore, files: FileStore) -> None:
    for who in (AUDITOR, STRANGER):
        with pytest.raises(HamkorError) as found:
            attached(store, files, who)
        assert found.value.code == "not-allowed"


def test_an_erased_file_is_told_and_not_opened(store: MemoryStore, files: FileStore) -> None:
    file = attached(store, files)
    message = sent(store, OPERATOR, draft(TO_TTY, attachments=(file,)))
    erase_file(store, envelope(COORDINATOR), viewer=COORDINATOR, files=files, attachment_id=file)
    assert message_of(store, message).files[0].name == "way.pdf"
    with pytest.raises(HamkorError) as found:
        opened(store, files, MEDIC, file)
    assert found.value.code == "file-content-erased"
