# SPDX-License-Identifier: Apache-2.0
"""A backup is whole or refused; what is restored has the same journals, people and files."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from hamkor.common.errors import HamkorError
from hamkor.config.backups.archive import MANIFEST, Manifest, read_verified
from hamkor.config.backups.proving import prove_journals
from hamkor.config.backups.restoring import restore_backup
from hamkor.config.environment import Environment
from hamkor.config.installation import Database
from hamkor.config.tests.running import Server, new_folder, run

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """Gives a folder with a demonstration, its backup taken while it ran, and what it showed."""
    folder = new_folder()
    server = Server(folder / "unused", "demo", "--keep", str(folder / "demo"))
    try:
        server.wait_until_ready()
        files = folder / "demo" / "files" / "ab"
        files.mkdir(parents=True)
        (files / "abcdef").write_bytes(b"a drawing")
        done = run("backup", str(folder / "kept.zip"), data_dir=folder / "demo")
        assert done.returncode == 0, done.stderr
        (folder / "told").write_text(server.told, encoding="utf-8")
        server.stop()
        yield folder
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def test_it_is_private_and_tells_what_is_in_it(kept: Path) -> None:
    assert (kept / "kept.zip").stat().st_mode & 0o077 == 0
    manifest = read_verified(kept / "kept.zip")
    planned, evening = manifest.heads
    assert min(planned.number, evening.number) > 100
    assert [file.name for file in manifest.files] == ["files/ab/abcdef"]
    assert {"agencies_user", "vault_detail", "journal_entry"} < {table.name for table in manifest.tables}
    assert not list(kept.glob("*.partial"))


def test_restored_into_a_database_of_ones_own_it_shows_the_same(kept: Path, database_url: str) -> None:
    """Another folder, two roles, and another version of PostgreSQL when the tests run on that one."""
    folder = new_folder()
    given = _new_database(database_url)
    done = run("restore", str(kept / "kept.zip"), data_dir=folder / "data", given=given)
    assert done.returncode == 0, done.stderr
    old = read_verified(kept / "kept.zip")
    for head in old.heads:
        assert f"{head.stream} {head.number} {head.hash}" in done.stdout
    assert (folder / "data" / "files" / "ab" / "abcdef").read_bytes() == b"a drawing"
    back = run("backup", str(folder / "back.zip"), "--with-key", data_dir=folder / "data", given=given)
    assert back.returncode == 0, back.stderr
    new = read_verified(folder / "back.zip")
    assert new.heads == old.heads
    assert {table.name: table.rows for table in new.tables} == {
        table.name: table.rows for table in old.tables
    }
    assert "secret.key" in {file.name for file in new.files}
    second = run("restore", str(kept / "kept.zip"), data_dir=folder / "data", given=given)
    assert second.returncode == 2
    assert "empty" in second.stderr
    account = re.search(r"(coordinator\S+)\s+(\S+)", (kept / "told").read_text(encoding="utf-8"))
    assert account is not None
    server = Server(folder / "data", given=given)
    try:
        server.wait_until_ready()
        assert "Navro" in _sign_in(server, account[1], account[2], f"/events/{head.stream}/"), server.faults
        checked = run("doctor", data_dir=folder / "data", given=given)
        assert "✓ Nobody can change the journal" in checked.stdout, checked.stdout
        server.stop()
        assert server.process.returncode == 0
    finally:
        server.remove()


def _new_database(database_url: str) -> dict[str, str]:
    """Makes an empty database with an owner who is no superuser, and a role that serves people."""
    mark = uuid4().hex[:12]
    owner, application, name = f"owner_{mark}", f"app_{mark}", f"moved_{mark}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        for role in (owner, application):
            connection.execute(f"CREATE ROLE {role} LOGIN".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER {owner}".encode())
    host = database_url.partition("?")[2]
    return {
        "DATABASE_URL": f"postgresql://{application}@/{name}?{host}",
        "DATABASE_OWNER_URL": f"postgresql://{owner}@/{name}?{host}",
    }


def _sign_in(server: Server, email: str, password: str, path: str) -> str:
    """Returns a page as somebody sees it who signs in with a browser."""
    address = f"http://127.0.0.1:{server.port}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = browser.open(f"{address}/accounts/login/", timeout=60).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None
    values = {"csrfmiddlewaretoken": found[1], "login": email, "password": password}
    browser.open(f"{address}/accounts/login/", urllib.parse.urlencode(values).encode(), timeout=60).read()
    return str(browser.open(address + path, timeout=60).read().decode())


def changed(source: Path, target: Path, **contents: Any) -> Path:
    """Copies an archive with other contents for some members; None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = contents.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in contents.items():
            new.writestr(name, content)
    return target


def told(manifest: Manifest) -> bytes:
    return msgspec.json.encode(manifest)


def test_a_changed_or_cut_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    source = kept / "kept.zip"
    entries = "database/journal_entry.copy"
    cut = tmp_path / "cut.zip"
    cut.write_bytes(source.read_bytes()[:-200])
    wrong = [
        cut,
        changed(source, tmp_path / "a.zip", **{entries: b""}),
        changed(source, tmp_path / "b.zip", **{entries: None}),
        changed(source, tmp_path / "c.zip", **{"files/evil": b"x"}),
        changed(source, tmp_path / "d.zip", **{MANIFEST: b"{}"}),
    ]
    for path in wrong:
        with pytest.raises(HamkorError) as refused:
            read_verified(path)
        assert refused.value.code == "backup-unusable"


@pytest.mark.parametrize(
    "name", ["../evil", "files/../../evil", "/etc/evil", "files//evil", "serve.json", "files/"]
)
def test_nothing_is_written_outside_the_folder(kept: Path, tmp_path: Path, name: str) -> None:
    manifest = read_verified(kept / "kept.zip")
    file = msgspec.structs.replace(manifest.files[0], name=name, digest=sha256(b"x").hexdigest())
    evil = told(msgspec.structs.replace(manifest, files=(file,)))
    path = changed(
        kept / "kept.zip", tmp_path / "e.zip", **{MANIFEST: evil, "files/ab/abcdef": None, name: b"x"}
    )
    with pytest.raises(HamkorError) as refused:
        read_verified(path)
    assert refused.value.code == "backup-unusable"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"Navruz", b"Navrus"), (b'"number":3,', b'"number":4,')],
)
def test_a_forged_journal_is_found_though_every_digest_is_right(
    kept: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    manifest = read_verified(kept / "kept.zip")
    prove_journals(kept / "kept.zip", manifest)
    with zipfile.ZipFile(kept / "kept.zip") as archive:
        before = archive.read("database/journal_entry.copy")
    path = forged(kept / "kept.zip", tmp_path / "forged.zip", manifest, before.replace(old, new, 1))
    with pytest.raises(HamkorError) as refused:
        prove_journals(path, read_verified(path))
    assert refused.value.code == "backup-unusable"
    assert any(head.stream in str(refused.value) for head in manifest.heads)


def test_a_journal_cut_short_is_found_though_every_digest_is_right(kept: Path, tmp_path: Path) -> None:
    manifest = read_verified(kept / "kept.zip")
    with zipfile.ZipFile(kept / "kept.zip") as archive:
        before = archive.read("database/journal_entry.copy")
    path = forged(
        kept / "kept.zip", tmp_path / "forged.zip", manifest, before[: before[:-1].rindex(b"\n") + 1]
    )
    with pytest.raises(HamkorError, match="not whole"):
        prove_journals(path, read_verified(path))


def forged(source: Path, target: Path, manifest: Manifest, lines: bytes) -> Path:
    tables = tuple(
        msgspec.structs.replace(table, digest=sha256(lines).hexdigest())
        if table.name == "journal_entry"
        else table
        for table in manifest.tables
    )
    changed_list = told(msgspec.structs.replace(manifest, tables=tables))
    return changed(source, target, **{"database/journal_entry.copy": lines, MANIFEST: changed_list})


def test_a_backup_of_another_version_is_refused_before_anything_is_made(kept: Path, tmp_path: Path) -> None:
    manifest = read_verified(kept / "kept.zip")
    other = told(msgspec.structs.replace(manifest, migrations=manifest.migrations[1:], program="0.0.1"))
    path = changed(kept / "kept.zip", tmp_path / "other.zip", **{MANIFEST: other})
    here = Environment(data_dir=tmp_path)
    with pytest.raises(HamkorError, match=r"0\.0\.1"):
        restore_backup(
            path, here, Database(url="postgresql://none", owner_url="postgresql://none", is_embedded=False)
        )


def test_an_existing_file_is_not_overwritten(kept: Path) -> None:
    done = run("backup", str(kept / "kept.zip"), data_dir=kept / "demo")
    assert done.returncode == 2
    assert "exists already" in done.stderr
