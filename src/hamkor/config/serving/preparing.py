# SPDX-License-Identifier: Apache-2.0
"""Run once before anything is served: makes the tables, then looks whether this installation can be trusted."""

from __future__ import annotations

import os
import sys

from hamkor.common.errors import HamkorError
from hamkor.config.checkup.results import BAD, shown
from hamkor.config.environment import read_environment
from hamkor.config.installation import Database


def main() -> int:
    """Returns 0 when the installation is ready, 1 when something has to be mended first."""
    language = os.environ.get("HAMKOR_LANG") or "uz"
    try:
        environment = read_environment()
        url, owner = environment.database_url, environment.database_owner_url
        embedded = os.environ.get("HAMKOR_EMBEDDED") == "yes"
        database = Database(url=url, owner_url=owner or url, is_embedded=embedded)
        os.environ["DATABASE_URL"] = database.owner_url
        import django

        django.setup()
        from hamkor.config.checkup import start_up_checks
        from hamkor.config.tables import make_tables

        make_tables(database)
        bad = [result for result in start_up_checks(environment, database) if result.state == BAD]
    except HamkorError as error:
        sys.stderr.write(error.message.render(language) + "\n")
        return 1
    for result in bad:
        sys.stderr.write(shown(result, language) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
