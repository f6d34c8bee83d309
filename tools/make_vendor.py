# SPDX-License-Identifier: Apache-2.0
"""Fetches the browser files of others by name and version, and writes the manifest with their digests.

Usage: python tools/make_vendor.py [--check]   (--check compares the files with the manifest, without network)
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

STATIC_DIR = Path(__file__).parent.parent / "src" / "hamkor" / "pages" / "static" / "hamkor"
MANIFEST = STATIC_DIR / "vendor" / "MANIFEST.json"
SPRITE = "icons.svg"
# Our own signs: each severity has a shape and a number of its own, so that it never hangs on colour.
SEVERITIES = """
<symbol id="severity-red" viewBox="0 0 24 24"><path fill="currentColor" d="M12 1 23 12 12 23 1 12z"/>\
<path fill="var(--mark-ink,#fff)" d="M11 8.5h2.2v7.6H11zM9.6 9.9l2-1.4h1.2v1.9l-3.2 1.2z"/></symbol>
<symbol id="severity-amber" viewBox="0 0 24 24"><path fill="currentColor" d="M12 2 23.5 22H.5z"/>\
<path fill="var(--mark-ink,#fff)" \
d="M8.8 19v-1.5l3.2-2.9c.7-.6 1-1 1-1.5s-.4-.8-1-.8c-.7 0-1.1.4-1.2 1.1H8.9c.1-1.8 1.3-2.8 \
3.2-2.8s3.1 1 3.1 2.4c0 1-.5 1.8-1.6 2.7l-1.6 1.4v.1h3.2V19z"/></symbol>
<symbol id="severity-info" viewBox="0 0 24 24"><circle fill="currentColor" cx="12" cy="12" r="11"/>\
<path fill="var(--mark-ink,#fff)" d="M10.8 6.2h2.5v2.3h-2.5zM10.8 10h2.5v8h-2.5z"/></symbol>
"""


def fetch(name: str, version: str, folder: Path) -> Path:
    """Returns the unpacked folder of a package."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    target = folder / name.replace("/", "-").strip("@")
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def sprite(icons_dir: Path, names: list[str]) -> str:
    """Returns one SVG file with every sign as a symbol."""
    symbols = []
    for name in names:
        drawn = (icons_dir / f"{name}.svg").read_text(encoding="utf-8")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawn, re.DOTALL)
        if inside is None:
            raise ValueError(f"{name} is no SVG")
        body = " ".join(inside[1].split())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{chr(10).join(symbols)}{SEVERITIES}</svg>\n'


def make(packages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Writes the files; returns the manifest."""
    manifest = []
    with tempfile.TemporaryDirectory() as temporary:
        for package in packages:
            folder = fetch(package["name"], package["version"], Path(temporary))
            written = {}
            for source, target in package["files"].items():
                written[target] = (folder / source).read_bytes()
            if "icons" in package:
                written[SPRITE] = sprite(folder / "icons", package["icons"]).encode()
            for target, content in written.items():
                path = STATIC_DIR / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            digests = {target: sha256(content).hexdigest() for target, content in sorted(written.items())}
            manifest.append(
                {key: package[key] for key in ("name", "version", "licence")} | {"files": digests}
            )
    return manifest


def faults() -> list[str]:
    """Returns the files that are not what the manifest says."""
    listed = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return [
        target
        for package in listed
        for target, digest in package["files"].items()
        if sha256((STATIC_DIR / target).read_bytes()).hexdigest() != digest
    ]


def main(arguments: list[str]) -> int:
    """Fetches and writes, or with `--check` only compares; returns the exit status."""
    if "--check" in arguments:
        found = faults()
        print("\n".join(f"not what the manifest says: {target}" for target in found), file=sys.stderr)
        return 1 if found else 0
    listed = yaml.safe_load((Path(__file__).parent / "vendor.yaml").read_text(encoding="utf-8"))
    manifest = make(listed["packages"])
    MANIFEST.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
