# SPDX-License-Identifier: Apache-2.0
"""What lies in the folder of a run at work, handed over between the worker and the process beside it."""

import msgspec

QUESTION = "question.json"
BASE = "base.bin"
"""The case the question is compared with, when it was answered before."""
LABEL = "label.json"
ANSWER = "answer.bin"
FILES = "files"
"""Folder of what a run makes beside its numbers."""
CHECKPOINT = "checkpoint"
ERRORS = "errors.txt"


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What changes no answer, but what a file beside it says.

    Args:
        language: One of the four languages.
        title: Name of the event.
    """

    language: str
    title: str
