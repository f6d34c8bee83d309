# SPDX-License-Identifier: Apache-2.0
"""Run once before a demonstration is served: fills two events, makes the accounts, prints their passwords.

One event is half planned; of the other the evening runs, as a drill.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import django
from django.conf import settings

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.config.kinds import declare_all_kinds


def main() -> int:
    """Returns 0 when the demonstration is ready; the argument is the folder of its example."""
    language = os.environ.get("HAMKOR_LANG") or "uz"
    django.setup()
    declare_all_kinds()
    # Passwords of 96 random bits need no slow hash: twenty of them would take longer than everything else.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    from hamkor.agencies.commands.starting import make_demo_accounts
    from hamkor.common.ids import new_id
    from hamkor.config.demo_event import Desk, fill
    from hamkor.config.evening.opening import begin_evening
    from hamkor.folder.queries import read_folder
    from hamkor.journal.queries import list_streams
    from hamkor.journal.vault import PostgresVault
    from hamkor.workspace import stores

    store = stores.journals()
    streams = [UUID(stream) for stream in list_streams(store)][:2]
    known = len(streams)
    planned, evening = *streams, *(new_id(datetime.now(UTC)) for _ in range(2 - known))
    vault, example = PostgresVault(stores.pool()), Path(sys.argv[1])
    try:
        accounts = make_demo_accounts(planned, evening)
        if known < 1:
            fill(store, vault, planned, example)
        if known < 2:
            begin_evening(Desk(store, vault, evening), read_folder(example))
    except HamkorError as error:
        sys.stderr.write(error.message.render(language) + "\n")
        return 1
    finally:
        stores.close()
    width = max(len(email) for _, email, _ in accounts)
    told = Message(N_("Accounts of the demonstration; their passwords are shown once:")).render(language)
    lines = [told, *(f"  {email:<{width}}  {password}" for _, email, password in accounts), ""]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
