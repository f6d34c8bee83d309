# SPDX-License-Identifier: Apache-2.0
"""The doctor says what is wrong and how to mend it also when nothing runs or nothing is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamkor.config.tests.running import run


def test_before_the_first_start_nothing_is_made(tmp_path: Path) -> None:
    done = run("doctor", data_dir=tmp_path / "data")
    assert "hamkor serve" in done.stdout
    assert not (tmp_path / "data" / "postgres").exists()


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    done = run("doctor", data_dir=tmp_path, given={"HAMKOR_PROXIES": "many"})
    assert done.returncode == 1
    assert "HAMKOR_PROXIES" in done.stdout
    assert "How to mend it" in done.stdout


@pytest.mark.parametrize(
    "url",
    ["postgresql://somebody:geheim@/none?host=/nowhere", "postgresql://localhost:notaport/x", "nonsense"],
)
def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    done = run("doctor", data_dir=tmp_path, given={"DATABASE_URL": url})
    assert done.returncode == 1, done.stderr
    assert "DATABASE_URL" in done.stdout
    assert "geheim" not in done.stdout + done.stderr


def test_open_to_the_world_without_encryption_is_bad(tmp_path: Path) -> None:
    given = {"HAMKOR_HOSTS": "plan.example.org", "HAMKOR_HTTPS": "no"}
    done = run("doctor", data_dir=tmp_path, given=given)
    assert done.returncode == 1
    assert "without encryption" in done.stdout
