# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/guides/api.md, run one after the other as a reader would."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from hamkor.workspace.api.limits import limits
from hamkor.workspace.tokens import SCOPES, make_token

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "api.md"
STEP = re.compile(r"```sh\n(?P<call>.*?)\n```\n```(?P<form>json|status)\n(?P<wanted>.*?)\n```", re.DOTALL)
ANYTHING = "…"


def run(client, call):
    """Does what curl would do, as far as the guide uses it."""
    words = shlex.split(call)
    assert words.pop(0) == "curl"
    headers, body, address = {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "--json":
            body = words.pop(0)
        else:
            address = word
    assert address.startswith("http://testserver/")
    path = address.removeprefix("http://testserver")
    if body is None:
        return client.get(path, headers=headers)
    return client.post(path, body, content_type="application/json", headers=headers)


def holds(found, wanted):
    """True when everything wanted is there; `…` is anything."""
    if wanted == ANYTHING:
        return found is not None
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and holds(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list) and wanted:
        return isinstance(found, list) and any(holds(each, wanted[0]) for each in found)
    return found == wanted


def test_every_example_of_the_guide_does_what_it_says(navruz, make_user, client):
    limits.forget()
    user = make_user("coordinator", stream=navruz)
    _row, key = make_token(user, name="guide", scopes=SCOPES, days=1, stream=None, at=datetime.now(UTC))
    head = client.get(f"/api/v1/events/{navruz}/plan", headers={"Authorization": f"Bearer {key}"})
    values = {"TOKEN": key, "HAMKOR": "http://testserver", "EVENT": str(navruz), "ETAG": head["ETag"]}
    steps = list(STEP.finditer(GUIDE.read_text(encoding="utf-8")))
    assert len(steps) == len(re.findall(r"^```sh$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)) > 8
    for step in steps:
        # The quotes of an ETag are part of it, and the shell would take them away.
        call = Template(step["call"].replace('"If-None-Match: $ETAG"', "'If-None-Match: $ETAG'"))
        answer = run(client, call.substitute(values))
        if step["form"] == "status":
            assert answer.status_code == int(step["wanted"]), step["call"]
        else:
            found = json.loads(answer.content)
            assert holds(found, json.loads(step["wanted"])), (step["call"], found)
