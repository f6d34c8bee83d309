# SPDX-License-Identifier: Apache-2.0
"""The process that computes one answer: no database, no settings; ends when whoever started it does.

It is given a folder with the question, says on its standard output how far it is, and leaves the answer in the
folder. Its standard input is its lifeline: when that closes, nobody waits for the answer any more.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hamkor.scenarios.rules.answers import pack
from hamkor.scenarios.rules.questions import decode_question
from hamkor.scenarios.working.parcel import ANSWER, FILES, QUESTION

SAY_EVERY_S = 0.2


def main(folder: Path, nice: int = 0) -> None:
    """Answers the question in a folder.

    Args:
        folder: Holds the question; gets the answer and files.
        nice: By how much it gives way to other processes.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(OSError):
        os.nice(nice)
    # Late: it brings the engine with it, which takes longer than to see that nobody waits any more.
    from hamkor.scenarios.working.simulating import answer_question

    question = decode_question((folder / QUESTION).read_bytes())
    (folder / FILES).mkdir(exist_ok=True)
    answer = answer_question(question, folder=folder, on_progress=teller(sys.stdout.buffer.write))
    aside = folder / f"{ANSWER}.part"
    aside.write_bytes(pack(answer))
    aside.replace(folder / ANSWER)


def teller(write: Callable[[bytes], object]) -> Callable[[float], None]:
    """Returns what says how far a run is, a few times a second at most.

    Args:
        write: Takes a line.
    """
    said_s = [0.0]

    def tell(share: float) -> None:
        now_s = time.monotonic()
        if now_s - said_s[0] < SAY_EVERY_S and share < 1.0:
            return
        said_s[0] = now_s
        write(b"%.4f\n" % min(1.0, max(0.0, share)))
        sys.stdout.flush()

    return tell


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1 << 10):
        pass
    os._exit(3)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
