# SPDX-License-Identifier: Apache-2.0
"""A look at the installation: at every start what must hold, and by `hamkor doctor` what should."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from hamkor.common.messages import N_, Message
from hamkor.config.checkup import database, folders, program
from hamkor.config.checkup.results import BAD, GOOD, Result, Site, Verdict
from hamkor.config.environment import Environment
from hamkor.config.installation import Database

__all__ = ["CHECKS", "Result", "doctor_checks", "start_up_checks"]


class Check(msgspec.Struct, frozen=True):
    """One thing to look at.

    Args:
        code: Stable name.
        what: What is looked at, marked by ``N_``.
        why: Why it matters, marked by ``N_``.
        look: Returns what is wrong, None when nothing is.
        needs: ``nothing``, ``database`` that answers, or ``running`` for what is asked of a running server only.
    """

    code: str
    what: str
    why: str
    look: Callable[[Site], Verdict | None]
    needs: str = "nothing"


CHECKS = (
    Check(
        "folder",
        N_("The folder of the installation is private"),
        N_("it holds the database, uploaded files and keys."),
        folders.check_folder,
    ),
    Check(
        "key",
        N_("The key that signs sessions is private"),
        N_("whoever has it can be anybody."),
        folders.check_key,
    ),
    Check("space", N_("There is room on the disk"), N_("a full disk stops the record."), folders.check_space),
    Check(
        "user",
        N_("The server runs as an ordinary user"),
        N_("a fault in it then harms nothing else on this machine."),
        folders.check_user,
    ),
    Check(
        "transport",
        N_("Pages travel encrypted"),
        N_("otherwise others in the network can read passwords."),
        folders.check_transport,
    ),
    Check(
        "mail",
        N_("Messages are sent"),
        N_("people get invitations and new passwords by e-mail."),
        folders.check_mail,
    ),
    Check(
        "answers",
        N_("The database answers and is new enough"),
        N_("everything stands in it."),
        database.check_answers,
    ),
    Check(
        "text",
        N_("The database keeps every letter"),
        N_("names are in Latin and Cyrillic letters."),
        database.check_text,
        "database",
    ),
    Check(
        "tables",
        N_("The tables are of this version"),
        N_("another version would read and write wrong things."),
        database.check_tables,
        "database",
    ),
    Check(
        "rights",
        N_("Nobody can change the journal, not even the server"),
        N_("a record that can be changed proves nothing."),
        database.check_rights,
        "tables",
    ),
    Check(
        "writes",
        N_("The journal can be written and read"),
        N_("every command appends to it."),
        database.check_writes,
        "tables",
    ),
    Check(
        "worker",
        N_("A worker is at work"),
        N_("it prints plans and cleans up."),
        database.check_worker,
        "running",
    ),
    Check(
        "templates",
        N_("Every page can be shown"),
        N_("a broken page is a blind spot."),
        program.check_templates,
    ),
    Check(
        "static",
        N_("Files for the browser are complete"),
        N_("pages update by them, and a changed file could be an attack."),
        program.check_static,
    ),
    Check(
        "languages",
        N_("Every language has its texts"),
        N_("people must read warnings in their language."),
        program.check_languages,
    ),
    Check(
        "hardening",
        N_("The settings are hardened"),
        N_("a careless setting opens what the others close."),
        program.check_hardening,
    ),
)


def start_up_checks(environment: Environment, at: Database) -> Iterator[Result]:
    """Yields the results of everything that must hold before people are served."""
    return _results(Site(environment, at), skip={"running"})


def doctor_checks(environment: Environment, at: Database | None, *, is_running: bool) -> Iterator[Result]:
    """Yields the results of everything there is to look at.

    Args:
        environment: The settings.
        at: The database, None when there is none.
        is_running: Whether a server is said to run: a worker is looked for only then.
    """
    return _results(Site(environment, at), skip=set() if is_running else {"running"})


def _results(site: Site, *, skip: set[str]) -> Iterator[Result]:
    failed: set[str] = set() if site.database is not None else {"answers"}
    for check in CHECKS:
        if check.needs in skip or (check.needs != "nothing" and failed & {"answers", "tables"}):
            continue
        verdict = check.look(site)
        if verdict is not None and verdict.state == BAD:
            failed.add(check.code)
        yield _result(check, verdict)


def _result(check: Check, verdict: Verdict | None) -> Result:
    what, why = Message(check.what), Message(check.why)
    if verdict is None:
        return Result(code=check.code, state=GOOD, what=what, why=why)
    found, mend = verdict.found, verdict.mend
    return Result(code=check.code, state=verdict.state, what=what, why=why, found=found, mend=mend)
