# SPDX-License-Identifier: Apache-2.0
"""What may be sent: every verb a command, every verb of the scripts one of these, nothing the server gives itself."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from hamkor.console.verbs import VERBS, commands, struct_of

SCRIPTS = Path(__file__).parents[1] / "static" / "console" / "js"
OF_THE_SERVER = {"store", "envelope", "viewer", "vault", "files"}


@pytest.mark.parametrize("verb", sorted(commands()))
def test_a_verb_takes_what_its_command_takes_and_nothing_the_server_gives(verb):
    fields = {each.name for each in msgspec.structs.fields(struct_of(verb, commands()[verb]))}
    assert "command_id" in fields
    assert not fields & OF_THE_SERVER


def test_every_verb_stands_in_the_table_once():
    verbs = [verb for _, names in VERBS for verb in names]
    assert sorted(set(verbs)) == sorted(verbs)


def test_no_verb_of_the_server_itself_is_sent():
    of_the_watch = re.compile(
        r"mark_(due|overdue|silent|late|unanswered)|(raise|clear|repeat)_alarms|follow_signals"
    )
    assert not [verb for verb in commands() if of_the_watch.match(verb)]


def test_the_scripts_send_verbs_that_exist():
    sent = {
        verb
        for path in SCRIPTS.glob("*.js")
        for verb in re.findall(r"\bsend\(\"([a-z_]+)\"", path.read_text(encoding="utf-8"))
    }
    assert sent
    assert sent <= commands().keys()
