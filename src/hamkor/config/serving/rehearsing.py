# SPDX-License-Identifier: Apache-2.0
"""Beside a demonstration: plays the evening of its drill, with devices that send and people who report and answer."""

from __future__ import annotations

import signal
from threading import Event, Thread
from typing import TYPE_CHECKING
from uuid import UUID

import django

from hamkor.config.environment import read_environment
from hamkor.config.kinds import declare_all_kinds
from hamkor.config.processes import report_ready

if TYPE_CHECKING:
    from hamkor.journal.queries import Store


def main() -> None:
    """Plays until told to stop."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    django.setup()
    declare_all_kinds()
    from hamkor.config.demo_event import Desk
    from hamkor.config.evening.devices import play_devices
    from hamkor.config.evening.playing import play
    from hamkor.config.evening.script import afterwards, scenes
    from hamkor.incidents.facts import INCIDENT
    from hamkor.journal.queries import get_documents
    from hamkor.workspace import stores

    store = stores.journals()
    stream = _find_drill(store)
    report_ready()
    if stream is None:
        stopping.wait()  # somebody closed the drill: nothing is left to play
        return
    desk = Desk(store, stores.vault(), stream)
    # Started again in the middle of an evening, the first scenes are not played twice.
    is_begun = bool(get_documents(store, stream).all(INCIDENT))
    devices = Thread(target=play_devices, args=(desk, read_environment(), stopping), daemon=True)
    devices.start()
    try:
        play(desk, [] if is_begun else scenes(), after=afterwards(), stopping=stopping)
    finally:
        stopping.set()
        devices.join(timeout=3)
        stores.close()


def _find_drill(store: Store) -> UUID | None:
    from hamkor.journal.queries import list_documents
    from hamkor.operation.facts import OPERATION

    for stream, operation in list_documents(store, OPERATION):
        if operation.is_drill and operation.state == "open":
            return UUID(stream)
    return None


if __name__ == "__main__":
    main()
