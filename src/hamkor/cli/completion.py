# SPDX-License-Identifier: Apache-2.0
"""`hamkor completion`: the shell completes commands, options and choices."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from hamkor.cli.language import N_, spoken


@click.command(
    "completion",
    help=spoken(N_("Print the completion script of a shell; add it to the shell's start file with eval.")),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Prints the completion script of a shell."""
    found = get_completion_class(shell)
    if found is not None:
        root = context.find_root().command
        click.echo(found(root, {}, "hamkor", "_HAMKOR_COMPLETE").source())


def register(app: click.Group) -> None:
    """Adds the command."""
    app.add_command(completion)
