# SPDX-License-Identifier: Apache-2.0
"""Names of uploaded files, made safe to show and to save."""

from __future__ import annotations

import re
import unicodedata

from hamkor.common.messages import N_
from hamkor.discussions.rules.uploads.limits import OFFICE, UploadLimits, UploadRefusedError

# Names that Windows gives to devices; a file of that name cannot be saved there.
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Other, private, unassigned and control characters, those that turn the direction of letters among them.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str, limits: UploadLimits = OFFICE) -> str:
    """Returns the name of a file without path, unseen characters and what no system can save.

    Args:
        name: Name as it was sent; anything.
        limits: Profile that says how long it may be.

    Raises:
        UploadRefusedError: ``file-name-empty``, when nothing is left of it.
    """
    # Long before it is cut below, so that a name of megabytes costs nothing.
    last = re.split(r"[/\\]", name[-4 * limits.most_name_bytes :])[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _UNSEEN_CATEGORIES)
    found = unicodedata.normalize("NFC", seen)
    found = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", found)).strip(" .")
    if not found:
        template = N_("The file has no name. Give it one such as “plan.pdf” and send it again.")
        raise UploadRefusedError("file-name-empty", template)
    if _DEVICE.match(found):
        found = f"_{found}"
    return _shortened(found, limits)


def extension_of(name: str) -> str:
    """Returns what stands after the last dot, in small letters; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def _shortened(name: str, limits: UploadLimits) -> str:
    """Returns a name cut to the limits; its extension stays, because it says how to open the file."""
    extension = extension_of(name)
    end = f".{name[len(name) - len(extension) :]}" if 0 < len(extension) <= 10 else ""
    stem = name[: len(name) - len(end)] if end else name
    stem = stem[: limits.most_name_characters - len(end)]
    room = limits.most_name_bytes - len(end.encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem}{end}"
