# SPDX-License-Identifier: Apache-2.0
"""A web process: answers what comes through a socket the supervisor has opened."""

from __future__ import annotations

import socket
import sys

import uvicorn

from hamkor.config.processes import report_ready

# Live pages hold their connection: whoever still listens after this is cut, and comes back by itself.
GRACE_S = 2


class Server(uvicorn.Server):
    """Tells the supervisor when it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to answer."""
        await super().startup(sockets)
        if self.started:
            report_ready()


def main() -> None:
    """Serves until told to stop; the argument is the number of the socket's file descriptor."""
    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "hamkor.config.asgi:application",
        lifespan="off",  # Django has nothing to do there and would say so at every start
        log_config=None,
        access_log=False,  # each request is logged with its id by `pages.middleware.RequestLog`
        server_header=False,
        date_header=True,
        proxy_headers=False,  # how many proxies are trusted is Django's to know: HAMKOR_PROXIES
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=64 * 1024,
    )
    Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
