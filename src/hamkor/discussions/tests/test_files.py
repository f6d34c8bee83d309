# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamkor.common.errors import HamkorError
from hamkor.discussions.commands import FileStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files").of_event("event-1")


def kept(files: FileStore) -> list[Path]:
    return sorted(path for path in files.directory.rglob("*") if path.is_file())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000), st.booleans())
def test_what_is_put_is_got(files: FileStore, content: bytes, is_stream: bool) -> None:
    digest = files.put(io.BytesIO(content) if is_stream else content)
    assert digest == sha256(content).hexdigest()
    assert files.exists(digest)
    assert files.get(digest) == content
    assert digest in files.list_digests()


def test_only_the_owner_may_read_and_nothing_is_left_aside(files: FileStore) -> None:
    digest = files.put(b"content")
    path = files.directory / digest[:2] / digest
    assert kept(files) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(files.directory.stat().st_mode) == 0o700


def test_what_is_kept_is_never_written_again(files: FileStore) -> None:
    digest = files.put(b"content")
    path = files.directory / digest[:2] / digest
    before = path.stat()
    assert files.put(b"content") == digest
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(kept(files)) == 1


def test_damage_is_found_and_mended_by_putting_again(files: FileStore) -> None:
    digest = files.put(b"content")
    path = files.directory / digest[:2] / digest
    path.write_bytes(b"other")
    with pytest.raises(HamkorError, match="file-content-damaged"):
        files.get(digest)
    files.put(b"content")
    assert files.get(digest) == b"content"
    assert path.with_name(f"{digest}.damaged").read_bytes() == b"other"
    assert files.list_digests() == (digest,)


def test_a_stream_that_breaks_leaves_nothing(files: FileStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        files.put(Broken(bytes(100)))
    assert kept(files) == []
    assert files.list_digests() == ()


def test_what_was_left_aside_by_a_killed_process_is_no_content(files: FileStore) -> None:
    files.put(b"content")
    (files.directory / "aside" / "tmp0").write_bytes(b"half")
    assert len(files.list_digests()) == 1


def test_erased_is_gone(files: FileStore) -> None:
    digest = files.put(b"content")
    assert files.erase(digest)
    assert not files.erase(digest)
    assert not files.exists(digest)
    with pytest.raises(HamkorError, match="file-content-absent"):
        files.get(digest)


@pytest.mark.parametrize(
    "digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 62 + "/x", "a" * 64 + "\n"]
)
def test_only_digests_name_contents(files: FileStore, digest: str) -> None:
    for ask in (files.get, files.exists, files.erase):
        with pytest.raises(ValueError, match="no digest"):
            ask(digest)


@pytest.mark.parametrize("stream", ["", "..", "../a", "a/b", "/a", ".hidden", "a" * 101])
def test_only_journals_have_shelves(files: FileStore, stream: str) -> None:
    with pytest.raises(ValueError, match="names no journal"):
        files.of_event(stream)


def test_events_keep_their_contents_apart(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first, second = store.of_event("first"), store.of_event("second")
    digest = first.put(b"content")
    assert not second.exists(digest)
    second.put(b"content")
    assert first.erase(digest)
    assert second.get(digest) == b"content"


def test_many_at_once_keep_each_content_once(files: FileStore) -> None:
    contents = [str(number % 5).encode() * 10_000 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(files.put, contents))
    assert files.list_digests() == tuple(sorted(digests))
    assert len(kept(files)) == 5


def test_turns_follow_one_another(files: FileStore) -> None:
    inside: list[int] = []

    def take(_number: int) -> None:
        with files.turn():
            inside.append(1)
            os.sched_yield()
            assert inside == [1]
            inside.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(50)))
