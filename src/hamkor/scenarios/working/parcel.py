# SPDX-License-Identifier: Apache-2.0
"""What lies in the folder of a run at work, handed over between the worker and the process beside it."""

QUESTION = "question.json"
BASE = "base.bin"
"""The case the question is compared with, when it was answered before."""
ANSWER = "answer.bin"
FILES = "files"
"""Folder of what a run makes beside its numbers."""
CHECKPOINT = "checkpoint"
ERRORS = "errors.txt"
