# SPDX-License-Identifier: Apache-2.0
"""The command `hamkor`."""

from __future__ import annotations

import gc
import sys

import click

from hamkor import __version__
from hamkor.cli import (
    catalogues,
    checking,
    completion,
    demo,
    devices,
    journals,
    making,
    serving,
    simulating,
    venues,
)
from hamkor.cli.edge import run
from hamkor.cli.language import N_, spoken


@click.group(
    name="hamkor",
    help=spoken(
        N_("Checks the plan of a mass event: what would hurt people, with the number, limit and source.")
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="hamkor", message="%(prog)s %(version)s")
def app() -> None:
    """Holds the commands."""


for _room in (checking, simulating, making, catalogues, journals, venues, demo, serving, devices, completion):
    _room.register(app)


# A run makes many objects and little rubbish: collecting after every 700 of them costs a tenth of a cold start.
OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Runs the command line and leaves with its status."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    sys.exit(run(app))
