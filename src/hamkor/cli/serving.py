# SPDX-License-Identifier: Apache-2.0
"""`hamkor serve` and what an administrator does beside it."""

from __future__ import annotations

from pathlib import Path

import click

from hamkor.cli.edge import STATUS_OK, STATUS_RED
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import language_option

DEFAULT_PORT = 8000


@click.command(
    "serve", help=spoken(N_("Run the server: database, pages, devices, watch and worker, until stopped."))
)
@click.option("--host", default="127.0.0.1", show_default=True, help=spoken(N_("Address to listen at.")))
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help=spoken(N_("Port to listen at.")),
)
@click.option(
    "--ingest-port",
    type=click.IntRange(1, 65_535),
    help=spoken(N_("Port for readings of devices; the one after --port if not given.")),
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help=spoken(N_("Number of processes that answer.")),
)
@language_option
def serve(*, host: str, port: int, ingest_port: int | None, workers: int, language: str) -> int:
    """Runs the installation until it is told to stop."""
    require_server()
    from hamkor.config.environment import read_environment
    from hamkor.config.serving.supervisor import Plan, Supervisor

    plan = Plan(host=host, port=port, ingest_port=ingest_port, web_count=workers, language=language)
    Supervisor(read_environment(), plan).run()
    return STATUS_OK


@click.command("migrate", help=spoken(N_("Make the tables of the database, or bring them up to date.")))
@language_option
def migrate(*, language: str) -> int:
    """Makes the tables or brings them up to date."""
    require_server()
    from hamkor.config.environment import read_environment
    from hamkor.config.installation import django_ready
    from hamkor.config.tables import make_tables

    with django_ready(read_environment(), as_owner=True) as database:
        make_tables(database)
    click.echo(say(N_("The tables are up to date."), language))
    return STATUS_OK


@click.command(
    "doctor", help=spoken(N_("Look at the installation: what is wrong, why it matters, how to mend it."))
)
@language_option
def doctor(*, language: str) -> int:
    """Looks at everything and returns 1 when something is wrong that must be mended."""
    require_server()
    from hamkor.config.checkup.examining import examine
    from hamkor.config.checkup.results import BAD, WARNING, shown

    results = []
    for result in examine():
        results.append(result)
        click.echo(shown(result, language))
    bad, warnings = (sum(result.state == state for result in results) for state in (BAD, WARNING))
    text = N_("{good} in order, {warnings} to be looked at, {bad} to be mended.")
    click.echo(say(text, language, good=len(results) - bad - warnings, warnings=warnings, bad=bad))
    return STATUS_RED if bad else STATUS_OK


@click.command(
    "create-administrator", help=spoken(N_("Make the link by which the first administrator comes in."))
)
@click.argument("email", metavar="EMAIL")
@click.option("--name", required=True, help=spoken(N_("Name of the person.")))
@language_option
def create_administrator(email: str, *, name: str, language: str) -> int:
    """Prints a link, once, with which the person sets a password."""
    require_server()
    from hamkor.config.environment import read_environment
    from hamkor.config.installation import django_ready, find_running

    environment = read_environment()
    with django_ready(environment):
        from hamkor.agencies.commands.starting import create_first_administrator

        path = create_first_administrator(email, name)
        running = find_running(environment.data_dir)
    scheme = "https" if environment.https else "http"
    address = (running.address if running else "") or f"{scheme}://{environment.hosts[0]}"
    text = N_("{name} sets a password here, once, within seven days: {link}")
    click.echo(say(text, language, name=name, link=f"{address}{path}"))
    return STATUS_OK


@click.command(
    "backup", help=spoken(N_("Write everything of the installation into one file, also while it runs."))
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-key", is_flag=True, help=spoken(N_("Also the key that signs sessions.")))
@language_option
def backup(file: Path, *, with_key: bool, language: str) -> int:
    """Writes a backup and reads it again."""
    require_server()
    from hamkor.config.backups.writing import write_backup
    from hamkor.config.environment import read_environment
    from hamkor.config.installation import open_database

    environment = read_environment()
    with open_database(environment) as database:
        manifest = write_backup(file, environment, database, with_key=with_key)
    text = N_(
        "{path} is written and verified: {tables} tables with {rows} rows, {files} files, {journals} journals."
    )
    facts = {"tables": len(manifest.tables), "rows": sum(table.rows for table in manifest.tables)}
    facts |= {"files": len(manifest.files), "journals": len(manifest.heads)}
    click.echo(say(text, language, path=str(file), **facts))
    return STATUS_OK


@click.command(
    "restore", help=spoken(N_("Read a backup into an empty installation, and prove every journal."))
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@language_option
def restore(file: Path, *, language: str) -> int:
    """Restores a backup and verifies every journal in it."""
    require_server()
    from hamkor.config.backups.restoring import restore_backup
    from hamkor.config.environment import read_environment
    from hamkor.config.installation import django_ready

    environment = read_environment()
    with django_ready(environment, as_owner=True) as database:
        manifest = restore_backup(file, environment, database)
    click.echo(
        say(
            N_("{path} is restored; {count} journals are whole:"),
            language,
            path=str(file),
            count=len(manifest.heads),
        )
    )
    for head in manifest.heads:
        click.echo(f"  {head.stream} {head.number} {head.hash}")
    return STATUS_OK


def require_server() -> None:
    """Returns when the programs of the server are installed.

    Raises:
        HamkorError: ``server-missing``.
    """
    from hamkor.config.checkup.program import check_installed

    refusal = check_installed()
    if refusal is not None:
        raise refusal


def register(app: click.Group) -> None:
    """Adds the commands."""
    for command in (serve, migrate, doctor, create_administrator, backup, restore):
        app.add_command(command)
