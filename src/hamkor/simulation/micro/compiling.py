# SPDX-License-Identifier: Apache-2.0
"""Compiled code is the same for the first run on a machine as for all later ones.

A process that compiles runs another version of the same steps than one that loads what was compiled before: parts that
were made for themselves come in place of those the whole was made of, and sums are added up in another order. So who
finds nothing compiled has another process compile it, and loads it then like everybody else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numba

from hamkor.simulation.micro.passing import advance

_COMPILING = "HAMKOR_COMPILING"
"""Set in the process that compiles."""


def have_compiled(*arguments: Any) -> None:
    """Has the steps compiled by another process, unless this one has them or finds them on the disk.

    Args:
        arguments: What `advance` is about to be called with.

    Notes:
        Where nothing can be kept on the disk every process compiles for itself, and all of them the same.
    """
    if advance.signatures or os.environ.get(_COMPILING) or _is_kept(tuple(map(numba.typeof, arguments))):
        return
    command = [sys.executable, "-m", "hamkor.simulation.micro.first_walk"]
    subprocess.run(  # noqa: S603 - our own program
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, _COMPILING: "yes"},
    )


def _is_kept(types: tuple[Any, ...]) -> bool:
    """Returns whether steps for these types lie on the disk; True when the library does not tell."""
    try:
        cache = advance._cache  # noqa: SLF001 - the library has no public way to ask
        key = cache._index_key(types, advance.targetctx.codegen())  # noqa: SLF001 - as above
        return cache._cache_file.load(key) is not None  # noqa: SLF001 - as above
    except AttributeError:
        return True
