# SPDX-License-Identifier: Apache-2.0
"""Sees to the browser of the tests: Debian's Chromium, installed when it is missing and this may be done.

Run by `make test`. Ends with status 1, saying why, when there is no browser and none could be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
UPDATE = ["apt-get", "update", "--quiet=2"]
INSTALL = ["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", "chromium"]


def main() -> int:
    """Returns 0 when the browser is there at the end."""
    if CHROMIUM.exists():
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"The tests need {CHROMIUM}. Install it as root: apt-get install chromium", file=sys.stderr)
        return 1
    print("Installing Debian's Chromium for the tests …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (UPDATE, INSTALL):
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            print(" ".join(command), done.stdout, done.stderr, sep="\n", file=sys.stderr)
            return 1
    if not CHROMIUM.exists():
        print(f"apt-get has installed chromium, but there is no {CHROMIUM}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
