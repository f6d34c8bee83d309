# SPDX-License-Identifier: Apache-2.0
"""Files attached, read, struck and erased; the record and the contents agree whatever happens between."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hamkor.common.errors import HamkorError
from hamkor.discussions.commands import FileStore, attach_file, erase_file, strike_attachment, sweep_files
from hamkor.discussions.facts import ATTACHMENT
from hamkor.discussions.queries import list_attachments, read_attachment
from hamkor.discussions.rules import THE_EVENT, About
from hamkor.discussions.rules.uploads import Upload
from hamkor.discussions.tests.builders import (
    AUDITOR,
    COLLEAGUE,
    COORDINATOR,
    PLANNER,
    STRANGER,
    STREAM,
    envelope,
    pdf,
    store_with_event,
)
from hamkor.journal.memory import MemoryStore
from hamkor.journal.queries import export_journal, get_documents, list_entries
from hamkor.journal.rules import fold

PLAN = Upload(name="plan.pdf", content=pdf())


@pytest.fixture
def store() -> MemoryStore:
    return store_with_event()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def attached(store: MemoryStore, files: FileStore, upload: Upload = PLAN) -> str:
    sent = envelope(PLANNER)
    attach_file(store, sent, viewer=PLANNER, files=files, about=THE_EVENT, upload=upload)
    return str(sent.command_id)


def read(store: MemoryStore, files: FileStore, attachment_id: str, who: Any = PLANNER) -> bytes:
    documents = get_documents(store, STREAM)
    return read_attachment(who, documents, files=files, stream=STREAM, attachment_id=attachment_id)[1]


def test_what_is_attached_is_read(store: MemoryStore, files: FileStore) -> None:
    attachment_id = attached(store, files, Upload(name="C:\\a\\plan.pdf", content=io.BytesIO(pdf())))
    (found,) = list_attachments(AUDITOR, get_documents(store, STREAM))
    assert (found.id, found.name, found.media_type) == (attachment_id, "plan.pdf", "application/pdf")
    assert (found.size_bytes, found.digest) == (len(pdf()), sha256(pdf()).hexdigest())
    assert read(store, files, attachment_id, AUDITOR) == pdf()
    assert pdf() not in export_journal(store, STREAM)


def test_a_picture_is_kept_as_it_was_drawn_anew(store: MemoryStore, files: FileStore) -> None:
    made = io.BytesIO()
    Image.new("RGB", (4, 3)).save(made, "JPEG", comment=b"where we meet")
    attachment_id = attached(store, files, Upload(name="a.jpg", content=made.getvalue()))
    content = read(store, files, attachment_id)
    assert b"where we meet" not in content
    (found,) = list_attachments(PLANNER, get_documents(store, STREAM))
    assert (found.size_bytes, found.digest) == (len(content), sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("who", "upload", "about", "code"),
    [
        (AUDITOR, PLAN, THE_EVENT, "not-allowed"),
        (PLANNER, Upload(name="a.exe", content=b"MZ\x90\x00"), THE_EVENT, "file-active"),
        (PLANNER, PLAN, About(part="duties", item="nothing"), "about-absent"),
    ],
)
def test_a_refused_file_leaves_nothing(
    store: MemoryStore, files: FileStore, who: Any, upload: Upload, about: About, code: str
) -> None:
    before = export_journal(store, STREAM)
    with pytest.raises(HamkorError) as caught:
        attach_file(store, envelope(who), viewer=who, files=files, about=about, upload=upload)
    assert caught.value.code == code
    assert export_journal(store, STREAM) == before
    assert files.of_event(STREAM).list_digests() == ()


def test_a_file_sent_twice_is_attached_once(store: MemoryStore, files: FileStore) -> None:
    sent = envelope(PLANNER)
    keys: dict[str, Any] = {"viewer": PLANNER, "files": files, "about": THE_EVENT, "upload": PLAN}
    assert attach_file(store, sent, **keys) == attach_file(store, sent, **keys)
    other = {**keys, "upload": Upload(name="plan.pdf", content=pdf(b"other"))}
    with pytest.raises(HamkorError, match="command-id-reused"):
        attach_file(store, sent, **other)
    assert len(files.of_event(STREAM).list_digests()) == 1


def test_struck_stays_readable(store: MemoryStore, files: FileStore) -> None:
    attachment_id = attached(store, files)
    keys: dict[str, Any] = {"attachment_id": attachment_id}
    with pytest.raises(HamkorError, match="not-yours"):
        strike_attachment(store, envelope(COLLEAGUE), viewer=COLLEAGUE, **keys)
    strike_attachment(store, envelope(COORDINATOR), viewer=COORDINATOR, reason="old", **keys)
    with pytest.raises(HamkorError, match="struck-already"):
        strike_attachment(store, envelope(PLANNER), viewer=PLANNER, **keys)
    (found,) = list_attachments(PLANNER, get_documents(store, STREAM))
    assert found.strike is not None
    assert read(store, files, attachment_id) == pdf()


def test_erased_content_goes_and_the_record_stays(store: MemoryStore, files: FileStore) -> None:
    first, second, other = (
        attached(store, files),
        attached(store, files),
        attached(store, files, Upload(name="b.txt", content=b"b")),
    )
    keys: dict[str, Any] = {"files": files, "attachment_id": first}
    with pytest.raises(HamkorError, match="not-allowed"):
        erase_file(store, envelope(PLANNER), viewer=PLANNER, **keys)
    sent = envelope(COORDINATOR)
    result = erase_file(store, sent, viewer=COORDINATOR, **keys)
    assert len(result.entries) == 2, "the same content under another name goes too"
    assert erase_file(store, sent, viewer=COORDINATOR, **keys) == result
    for attachment_id in (first, second):
        with pytest.raises(HamkorError, match="file-content-erased"):
            read(store, files, attachment_id)
    assert read(store, files, other) == b"b"
    assert files.of_event(STREAM).list_digests() == (sha256(b"b").hexdigest(),)
    documents = get_documents(store, STREAM)
    assert [item.digest for item in documents.all(ATTACHMENT)][:2] == [sha256(pdf()).hexdigest()] * 2
    assert fold(list_entries(store, STREAM)) == documents
    with pytest.raises(HamkorError, match="erased-already"):
        erase_file(store, envelope(COORDINATOR), viewer=COORDINATOR, **keys)


def test_erased_content_may_be_attached_again_but_not_by_the_old_command(
    store: MemoryStore, files: FileStore
) -> None:
    sent = envelope(PLANNER)
    keys: dict[str, Any] = {"viewer": PLANNER, "files": files, "about": THE_EVENT, "upload": PLAN}
    attach_file(store, sent, **keys)
    erase_file(
        store, envelope(COORDINATOR), viewer=COORDINATOR, files=files, attachment_id=str(sent.command_id)
    )
    attach_file(store, sent, **keys)
    assert files.of_event(STREAM).list_digests() == ()
    assert read(store, files, attached(store, files)) == pdf()


class KilledError(BaseException):
    """Stands for the end of the process."""


def test_a_process_killed_before_the_erasure_is_caught_up(
    store: MemoryStore, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment_id = attached(store, files)
    sent = envelope(COORDINATOR)
    keys: dict[str, Any] = {"viewer": COORDINATOR, "files": files, "attachment_id": attachment_id}

    def die(*_arguments: Any) -> bool:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "erase", die)
        with pytest.raises(KilledError):
            erase_file(store, sent, **keys)
    with pytest.raises(HamkorError, match="file-content-erased"):
        read(store, files, attachment_id)
    assert len(files.of_event(STREAM).list_digests()) == 1
    erase_file(store, sent, **keys)
    assert files.of_event(STREAM).list_digests() == ()


def test_what_a_killed_process_left_is_swept(store: MemoryStore, files: FileStore) -> None:
    attachment_id = attached(store, files)
    files.of_event(STREAM).put(b"kept, never recorded")
    assert sweep_files(store, files=files, stream=STREAM) == 1
    assert sweep_files(store, files=files, stream=STREAM) == 0
    assert read(store, files, attachment_id) == pdf()


def test_damage_and_loss_are_told(store: MemoryStore, files: FileStore) -> None:
    attachment_id = attached(store, files)
    digest = sha256(pdf()).hexdigest()
    path = files.of_event(STREAM).directory / digest[:2] / digest
    path.write_bytes(b"other")
    with pytest.raises(HamkorError, match="file-content-damaged"):
        read(store, files, attachment_id)
    path.unlink()
    with pytest.raises(HamkorError, match="file-content-absent"):
        read(store, files, attachment_id)
    with pytest.raises(HamkorError, match="discussion-absent"):
        read(store, files, "x")
    with pytest.raises(HamkorError, match="not-allowed"):
        read(store, files, attachment_id, STRANGER)


def test_attaching_and_erasing_at_once_leaves_record_and_contents_agreeing(
    store: MemoryStore, files: FileStore
) -> None:
    def act(number: int) -> None:
        os.sched_yield()
        if number % 2:
            attached(store, files)
            return
        live = [item for item in get_documents(store, STREAM).all(ATTACHMENT) if item.erasure is None]
        for item in live[:1]:
            keys: dict[str, Any] = {"files": files, "attachment_id": item.id}
            with suppress(HamkorError):  # another was quicker
                erase_file(store, envelope(COORDINATOR), viewer=COORDINATOR, **keys)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(60)))
    named = {item.digest for item in get_documents(store, STREAM).all(ATTACHMENT) if item.erasure is None}
    assert set(files.of_event(STREAM).list_digests()) == named
