# SPDX-License-Identifier: Apache-2.0
"""A database of the first release is brought up to date by one command, and its event opens as before.

`tests/data/release-0.sql.gz` was written by `pg_dump --inserts --no-owner --no-privileges` of an installation of that
release with one account, one role and one small event. It is never written anew: later releases must read it for ever.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from hamkor.config.tests.running import new_folder, run, variables

DUMP = Path(__file__).parent / "data" / "release-0.sql.gz"
LOOK = """
import json, django; django.setup()
from hamkor.config.kinds import declare_all_kinds; declare_all_kinds()
from django.test import Client
from hamkor.agencies.models import EventRole
from hamkor.journal.queries import list_entries, verify_journal
from hamkor.journal.rules import Fault
from hamkor.workspace import stores
role = EventRole.objects.select_related("user").get()
client = Client(HTTP_HOST="localhost")
client.force_login(role.user)
shown = {name: client.get(f"/events/{role.stream}/{name}") for name in ("", "duties", "posts", "history", "approvals")}
edit = {"op": "set", "part": "posts", "id": "gate", "fields": {"needed": "5"}}
sent = {"command_id": "01990000-0000-7000-8000-0000000000ff", "language": "en", "edits": [edit]}
shown["edit"] = client.post(f"/events/{role.stream}/edit", sent, content_type="application/json")
found = verify_journal(stores.journals(), role.stream)
said = {
    "statuses": {name: answer.status_code for name, answer in shown.items()},
    "name": "Release fair" in shown[""].content.decode(),
    "person": "Release Person" in client.get(f"/events/{role.stream}/people").content.decode(),
    "entries": len(list_entries(stores.journals(), role.stream)),
    "sound": not isinstance(found, Fault),
}
stores.close()
print(json.dumps(said))
"""


@pytest.fixture
def release_0(database_url: str) -> str:
    """Address of a database as the first release left it."""
    parts = urlsplit(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS hamkor_release_0")
        connection.execute("CREATE DATABASE hamkor_release_0")
    url = urlunsplit(parts._replace(path="/hamkor_release_0"))
    lines = gzip.decompress(DUMP.read_bytes()).decode().splitlines()
    # Without commands of psql itself, and what older versions of PostgreSQL do not know.
    script = "\n".join(line for line in lines if not line.startswith(("\\", "SET transaction_timeout")))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())
    return url


def test_a_database_of_the_first_release_is_brought_up_to_date_and_opens(release_0: str) -> None:
    data_dir = new_folder() / "data"
    for _ in range(2):  # done again, it changes nothing
        done = run("migrate", data_dir=data_dir, given={"DATABASE_URL": release_0})
        assert done.returncode == 0, done.stdout + done.stderr
    given = {"HAMKOR_DATA_DIR": str(data_dir), "DATABASE_URL": release_0}
    looked = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=variables(DJANGO_SETTINGS_MODULE="hamkor.config.settings", **given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert looked.returncode == 0, looked.stderr
    said = json.loads(looked.stdout.splitlines()[-1])
    assert set(said.pop("statuses").values()) == {200}
    assert said == {"name": True, "person": True, "entries": 12, "sound": True}
