# SPDX-License-Identifier: Apache-2.0
"""`hamkor doctor` reaches what can be reached: a running server, a database of one's own, or neither."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_, Message
from hamkor.config.checkup import Result, doctor_checks
from hamkor.config.checkup.results import BAD
from hamkor.config.environment import Environment, read_environment
from hamkor.config.installation import Database, find_running, open_database


def examine() -> Iterator[Result]:
    """Yields the results of every check that can be made here and now; wrong settings end it after one."""
    try:
        environment = read_environment()
    except HamkorError as error:
        yield _unusable("settings", error)
        return
    is_running = bool(environment.database_url) or find_running(environment.data_dir) is not None
    with ExitStack() as stack:
        try:
            database = _reach(environment, stack)
        except HamkorError as error:
            yield _unusable("database", error)
            database = None
        try:
            _set_up_django(environment, database)
        except HamkorError as error:
            yield _unusable("settings", error)
            return
        yield from doctor_checks(environment, database, is_running=is_running)


def _reach(environment: Environment, stack: ExitStack) -> Database | None:
    """Returns the database, started for as long as the check-up lasts; None when none was ever made."""
    is_there = environment.database_url or (environment.database_dir / "PG_VERSION").exists()
    return stack.enter_context(open_database(environment)) if is_there else None


def _set_up_django(environment: Environment, database: Database | None) -> None:
    os.environ.update(database.variables if database is not None else {})
    os.environ["HAMKOR_DATA_DIR"] = str(environment.data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamkor.config.settings")
    import django

    django.setup()


def _unusable(code: str, error: HamkorError) -> Result:
    whats = {"settings": N_("The settings can be used"), "database": N_("The database can be reached")}
    whys = {
        "settings": N_("the server does not start with wrong settings."),
        "database": N_("everything stands in it."),
    }
    mend = Message(N_("Do what the line above says, and look again."))
    what, why = Message(whats[code]), Message(whys[code])
    return Result(code=code, state=BAD, what=what, why=why, found=error.message, mend=mend)
