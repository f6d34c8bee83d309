# SPDX-License-Identifier: Apache-2.0
"""Saving a plan as an event folder, whole or not at all; making a new folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.folder.queries import KNOWN_FILES, read_folder
from hamkor.folder.rendering import render_plan
from hamkor.folder.rules import FolderUnusableError
from hamkor.folder.skeleton import write_skeleton
from hamkor.plans.rules.plan import Plan

__all__ = ["FolderNotWrittenError", "write_folder", "write_skeleton"]


class FolderNotWrittenError(HamkorError):
    """The folder was left as it was."""


def write_folder(plan: Plan, path: Path) -> list[Path]:
    """Saves a plan as files, such that reading them gives the same plan; other files of the folder are kept.

    Args:
        plan: The plan.
        path: The folder; made if there is none.

    Returns:
        The files of the folder, in the order of the format.

    Raises:
        FolderUnusableError: The plan contradicts itself and could not be read again. Nothing was changed.
        FolderNotWrittenError: ``folder-not-written``: the disk is full, the place is taken or forbidden.

    Notes:
        Everything is written beside the folder and read back first. A new folder appears in one step; in an
        existing one each file is exchanged in one step, and files of parts that are now unknown are removed.
        Comments people wrote into the files are not kept.
    """
    texts = render_plan(plan)
    try:
        _save(plan, texts, path)
    except OSError as error:
        raise FolderNotWrittenError(
            "folder-not-written",
            N_("{path} was not saved: {reason}. Nothing was changed; free the place and save again."),
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from None
    return [path / name for name in KNOWN_FILES if name in texts]


def _save(plan: Plan, texts: dict[str, str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        for name, text in texts.items():
            _write_through(draft / name, text)
        _require_same(plan, draft, path)
        if path.is_dir():
            _exchange(draft, path, texts)
        else:
            draft.chmod(0o755)
            draft.rename(path)
        _sync(path.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _require_same(plan: Plan, draft: Path, path: Path) -> None:
    try:
        is_same = read_folder(draft) == plan
    except FolderUnusableError as error:
        raise FolderUnusableError(str(path), error.faults) from None
    if not is_same:
        raise FolderNotWrittenError(
            "plan-not-kept",
            N_("{path} was not saved: read again, the plan would differ. Report this with the plan."),
            path=str(path),
        )


def _exchange(draft: Path, path: Path, texts: dict[str, str]) -> None:
    for name in texts:
        (draft / name).replace(path / name)
    for name in KNOWN_FILES:
        if name not in texts:
            (path / name).unlink(missing_ok=True)
    _sync(path)


def _sync(folder: Path) -> None:
    """Makes renames in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
