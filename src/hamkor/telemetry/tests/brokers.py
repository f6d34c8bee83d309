# SPDX-License-Identifier: Apache-2.0
"""A broker of its own for a test: Debian's Mosquitto on a free port of this machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOSQUITTO = Path("/usr/sbin/mosquitto")


@contextmanager
def running_broker(folder: Path) -> Iterator[str]:
    """Gives the address of a broker; fails loudly when it is not installed.

    Args:
        folder: Where its settings are written.
    """
    if not MOSQUITTO.exists():
        raise AssertionError(f"there is no {MOSQUITTO}: run tools/need_debian.py as root")
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n", encoding="ascii"
    )
    broker = subprocess.Popen([str(MOSQUITTO), "-c", str(settings)], stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _await_port(port, broker)
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        broker.terminate()
        broker.wait()


def _await_port(port: int, broker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert broker.poll() is None, "the broker has ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the broker does not answer")
