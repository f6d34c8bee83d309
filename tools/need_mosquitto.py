# SPDX-License-Identifier: Apache-2.0
"""Sees to the broker of the tests: Debian's Mosquitto, installed when it is missing and this may be done.

Run by `make test`. Ends with status 1, saying why, when there is no broker and none could be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

MOSQUITTO = Path("/usr/sbin/mosquitto")
UPDATE = ["apt-get", "update", "--quiet=2"]
INSTALL = ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", "mosquitto"]


def main() -> int:
    """Returns 0 when the broker is there at the end."""
    if MOSQUITTO.exists():
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"The tests need {MOSQUITTO}. Install it as root: apt-get install mosquitto", file=sys.stderr)
        return 1
    print("Installing Debian's Mosquitto for the tests …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (UPDATE, INSTALL):
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            print(" ".join(command), done.stdout, done.stderr, sep="\n", file=sys.stderr)
            return 1
    if not MOSQUITTO.exists():
        print(f"apt-get has installed mosquitto, but there is no {MOSQUITTO}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
