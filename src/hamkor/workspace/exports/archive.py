# SPDX-License-Identifier: Apache-2.0
"""An event folder as one file: everything of the plan, read back without loss."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hamkor.folder.commands import write_folder
from hamkor.plans.rules.plan import Plan

# Archives of the same plan are the same bytes.
_STAMP = (2000, 1, 1, 0, 0, 0)
_ORDINARY_FILE = 0o100644 << 16


def folder_zip(plan: Plan) -> bytes:
    """Returns the plan as an event folder in a zip archive.

    Args:
        plan: The plan.

    Raises:
        FolderUnusableError: The plan contradicts itself and could not be read again; says where.
    """
    content = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="hamkor-export-") as made,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        folder = plan.event.id
        for path in write_folder(plan, Path(made) / "event"):
            entry = zipfile.ZipInfo(f"{folder}/{path.name}", date_time=_STAMP)
            entry.external_attr = _ORDINARY_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return content.getvalue()
