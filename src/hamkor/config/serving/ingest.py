# SPDX-License-Identifier: Apache-2.0
"""The process that takes readings in: over HTTP on a socket the supervisor has opened, and from a broker."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

import django
import uvicorn

from hamkor.config.environment import Environment, read_secret_key
from hamkor.config.kinds import declare_all_kinds
from hamkor.config.processes import report_ready
from hamkor.journal.live import Listener
from hamkor.telemetry.receiving.intake import Intake
from hamkor.telemetry.receiving.lanes import Judge
from hamkor.telemetry.receiving.mqtt import Subscriber, read_broker
from hamkor.telemetry.receiving.web import Application, may_collect_from

GRACE_S = 2
# More connections at once are told to come later: each of them may hold a batch.
CONNECTIONS_MAX = 2_000
BACKLOG = 512
LOOK_S = 0.05


def server_of(intake: Intake, environment: Environment) -> uvicorn.Server:
    """Returns the HTTP side of an intake, not started yet."""
    may_collect = may_collect_from(environment.metrics_token, proxies=environment.proxies)
    config = uvicorn.Config(
        Application(intake, may_collect=may_collect),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=75,  # devices report every few seconds: a connection each would cost more than the readings
        h11_max_incomplete_event_size=16 * 1024,
    )
    return uvicorn.Server(config)


async def serve(listening: socket.socket, environment: Environment, judge: Callable[[str], Judge]) -> None:
    """Takes readings in until a signal comes.

    Args:
        listening: The socket of the HTTP side.
        environment: The settings.
        judge: Makes the rules of an event.
    """
    from hamkor.workspace import stores

    parameters = stores.connection_parameters()
    secret = read_secret_key(environment.data_dir).encode()
    async with Listener(on_rewritten=stores.journals().forget, **parameters) as listener:
        days = environment.readings_days
        intake = Intake(stores.journals(), listener, parameters, secret=secret, judge=judge, kept_days=days)
        await intake.start()
        tasks = [asyncio.create_task(_say_when_ready(intake), name="ready")]
        if environment.mqtt_url:
            # The session at the broker belongs to the installation, which its secret tells apart from others.
            name = f"hamkor-{sha256(b'mqtt session ' + secret).hexdigest()[:16]}"
            subscriber = Subscriber(read_broker(environment.mqtt_url), intake, parameters, name=name)
            tasks.append(asyncio.create_task(subscriber.run(), name="mqtt"))
        try:
            await server_of(intake, environment).serve(sockets=[listening])
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await intake.stop()


async def _say_when_ready(intake: Intake) -> None:
    while not intake.is_ready:
        await asyncio.sleep(LOOK_S)
    report_ready()


def main() -> None:
    """Takes readings in until told to stop; the argument is the number of the socket's file descriptor."""
    django.setup()
    declare_all_kinds()
    from django.conf import settings

    from hamkor.config.serving.judging import judge_of
    from hamkor.workspace import stores

    listening = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGHUP, _ignore)
    try:
        asyncio.run(serve(listening, settings.ENVIRONMENT, judge_of(stores.journals())))
    finally:
        stores.close()


def _ignore(_number: int, _frame: Any) -> None:
    """A terminal that was closed: the supervisor decides when this process ends."""


if __name__ == "__main__":
    main()
