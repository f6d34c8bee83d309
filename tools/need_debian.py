# SPDX-License-Identifier: Apache-2.0
"""Sees to the programs the tests need of Debian: installed when they are missing and this may be done.

Run by `make test`. Ends with status 1, saying why, when one is not there and could not be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The browser of the tests, and the broker that devices send through; packages by the same names.
NEEDED = {"chromium": Path("/usr/bin/chromium"), "mosquitto": Path("/usr/sbin/mosquitto")}
UPDATE = ["apt-get", "update", "--quiet=2"]
INSTALL = ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends"]
# What is installed must not begin to serve by itself.
NO_SERVICE = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def missing() -> list[str]:
    """Returns the packages whose program is not there."""
    return [package for package, program in NEEDED.items() if not program.exists()]


def main() -> int:
    """Returns 0 when everything is there at the end."""
    wanted = missing()
    if not wanted:
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        advice = " ".join(["apt-get install", *wanted])
        print(f"The tests need {', '.join(wanted)} of Debian. As root: {advice}", file=sys.stderr)
        return 1
    print(f"Installing {', '.join(wanted)} of Debian for the tests …")
    for command in (UPDATE, [*INSTALL, *wanted]):
        done = subprocess.run(
            command, env={**os.environ, **NO_SERVICE}, check=False, capture_output=True, text=True
        )
        if done.returncode:
            print(" ".join(command), done.stdout, done.stderr, sep="\n", file=sys.stderr)
            return 1
    left = missing()
    if left:
        print(f"apt-get was content, but there is still no {', '.join(left)}.", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
