# SPDX-License-Identifier: Apache-2.0
"""The command line as a person or a program meets it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from hamkor.cli import edge
from hamkor.cli.app import app
from hamkor.common.i18n import LANGUAGES

EXAMPLES = Path(__file__).parent.parent / "examples"
LOVEPARADE = EXAMPLES / "cases" / "loveparade-2010"
QUIET = EXAMPLES / "cases" / "hillsborough-1989-other-sides"
REQUIRED = {
    "rule",
    "family",
    "severity",
    "subject",
    "message",
    "measured",
    "limit",
    "unit",
    "ratio",
    "source",
}


@pytest.fixture
def hamkor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command line in this process; returns (status, standard output, standard error)."""

    def call(*arguments: str | Path, language: str = "en") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hamkor", *map(str, arguments)])
        monkeypatch.setenv("HAMKOR_LANG", language)
        monkeypatch.setenv("COLUMNS", "110")
        status = edge.run(app)
        written = capsys.readouterr()
        return status, written.out, written.err

    return call


@pytest.mark.parametrize(("folder", "status"), [(LOVEPARADE, 1), (QUIET, 0)])
def test_the_status_tells_of_red_findings(hamkor: Any, folder: Path, status: int) -> None:
    assert hamkor("check", folder)[0] == status
    assert hamkor("check", folder / "event.yaml")[0] == status


def test_json_has_what_programs_need(hamkor: Any) -> None:
    status, out, _ = hamkor("check", LOVEPARADE, "--format", "json")
    report = json.loads(out)
    assert status == 1
    assert report["summary"]["red"] > 0
    assert all(set(finding) >= REQUIRED for finding in report["findings"])
    assert all(finding["source"] for finding in report["findings"])
    (ramp,) = [f for f in report["findings"] if f["rule"] == "NECK-001" and f["subject"]["id"] == "ramp"]
    assert ramp["severity"] == "red"
    assert 2.4 < ramp["ratio_range"][0] < ramp["ratio"] < ramp["ratio_range"][1] < 4.9


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["table", "json", "sarif", "html", "md"])
def test_every_form_in_every_language(hamkor: Any, form: str, language: str, tmp_path: Path) -> None:
    target = tmp_path / "made" / f"findings.{form}"
    status, out, err = hamkor("check", LOVEPARADE, "--format", form, "--lang", language, "-o", target)
    assert (status, out, err) == (1, "", "")
    text = target.read_text(encoding="utf-8")
    assert "NECK-001" in text
    if form in {"json", "sarif"}:
        json.loads(text)


def test_another_profile_decides_otherwise(hamkor: Any) -> None:
    _, out, _ = hamkor("check", LOVEPARADE, "--format", "json", "--profile", "nfpa-101-2018")
    assert json.loads(out)["summary"]["profile"] == "nfpa-101-2018"
    status, _, err = hamkor("check", LOVEPARADE, "--profile", "nonsense")
    assert status == 2
    assert "green-guide-2018" in err


def test_an_unusable_folder_is_named_with_its_faults(hamkor: Any, tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(LOVEPARADE, folder)
    (folder / "duties.yaml").write_text(
        "duties:\n  - id: a\n    phase: conduct\n    persn: x\n", encoding="utf-8"
    )
    status, out, err = hamkor("check", folder)
    assert (status, out) == (2, "")
    assert "duties.yaml:4" in err
    assert "`person`" in err


@pytest.mark.parametrize(
    "arguments",
    [["check", "nowhere"], ["check"], ["nonsense"], ["explain", "XX-999"], ["check", ".", "--format", "odd"]],
)
def test_wrong_use_is_status_two(hamkor: Any, arguments: list[str]) -> None:
    status, out, err = hamkor(*arguments)
    assert status == 2
    assert out == ""
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_and_explanations(hamkor: Any, language: str) -> None:
    for command in ("rules", "profiles", "duties", "hazards", "norms"):
        status, out, _ = hamkor(command, "--lang", language)
        assert status == 0
        assert len(out.splitlines()) > 5
    status, out, _ = hamkor("explain", "neck-001", "--lang", language)
    assert status == 0
    assert "NECK-001" in out
    assert "{" not in out


def test_a_new_folder_can_be_checked(hamkor: Any, tmp_path: Path) -> None:
    folder = tmp_path / "my-event"
    assert hamkor("new", folder)[0] == 0
    assert hamkor("check", folder)[0] in {0, 1}
    status, _, err = hamkor("new", folder)
    assert status == 2
    assert "my-event" in err


def test_a_journal_is_exported_and_proved(hamkor: Any, tmp_path: Path) -> None:
    journal = tmp_path / "plan.jsonl"
    status, out, _ = hamkor("journal", "export", LOVEPARADE, "-o", journal)
    assert status == 0
    head = out.split()[-1]
    status, out, _ = hamkor("journal", "verify", journal)
    assert status == 0
    assert head in out
    content = journal.read_bytes()
    assert b"police-first-shift" in content
    journal.write_bytes(content.replace(b"250000", b"250001", 1))
    status, _, err = hamkor("journal", "verify", journal)
    assert status == 1
    assert err


def test_names_of_people_stay_out_of_the_journal(hamkor: Any, tmp_path: Path) -> None:
    folder = tmp_path / "event"
    shutil.copytree(QUIET, folder)
    (folder / "people.yaml").write_text(
        "people:\n  - {id: chief, agency: iib, name: Abcdef Ghijkl, phone: '+998 00 000 00 00'}\n",
        encoding="utf-8",
    )
    journal = tmp_path / "plan.jsonl"
    assert hamkor("journal", "export", folder, "-o", journal)[0] == 0
    content = journal.read_bytes()
    assert b"chief" in content
    assert b"Ghijkl" not in content
    assert b"+998" not in content


def test_reports_and_maps_are_written(hamkor: Any, tmp_path: Path) -> None:
    pdf = tmp_path / "plan.pdf"
    assert hamkor("report", LOVEPARADE, "-o", pdf)[0] == 0
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert hamkor("journal", "verify", pdf.with_suffix(".jsonl"))[0] == 0
    svg, png = tmp_path / "map.svg", tmp_path / "map.png"
    assert hamkor("map", LOVEPARADE, "-o", svg)[0] == 0
    assert hamkor("map", LOVEPARADE, "-o", png)[0] == 0
    assert "<svg" in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert hamkor("map", LOVEPARADE, "-o", tmp_path / "map.gif")[0] == 2


def test_an_unwritable_place_is_refused(hamkor: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    status, _, err = hamkor("check", QUIET, "--format", "md", "-o", blocked / "below.md")
    assert status == 2
    assert "Traceback" not in err


def test_a_fault_of_ours_is_told_without_a_traceback(hamkor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("wires crossed")

    monkeypatch.setattr("hamkor.checks.queries.check_plan", broken)
    status, _, err = hamkor("check", QUIET)
    assert status == edge.STATUS_FAULT
    assert "wires crossed" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(hamkor: Any, shell: str) -> None:
    status, out, _ = hamkor("completion", shell)
    assert status == 0
    assert "_HAMKOR_COMPLETE" in out


def test_version(hamkor: Any) -> None:
    assert hamkor("--version")[1].startswith("hamkor ")


def test_programs_learn_of_faults_as_json(hamkor: Any, tmp_path: Path) -> None:
    (tmp_path / "event.yaml").write_text("format: hamkor-event-1\n", encoding="utf-8")
    status, out, err = hamkor("check", tmp_path, "--format", "json")
    answer = json.loads(out)
    assert status == 2
    assert err
    assert answer["findings"] == []
    assert {fault["code"] for fault in answer["error"]["faults"]} == {"missing-key"}
