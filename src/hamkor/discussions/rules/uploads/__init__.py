# SPDX-License-Identifier: Apache-2.0
"""What may be uploaded: limits, names, kinds, and the judgement on a file; nothing in it is trusted."""

from hamkor.discussions.rules.uploads.archives import damaged
from hamkor.discussions.rules.uploads.judgement import AcceptedFile, Upload, judge_upload
from hamkor.discussions.rules.uploads.kinds import KINDS, FileKind
from hamkor.discussions.rules.uploads.limits import (
    FIELD,
    OFFICE,
    UPLOAD_PROFILES,
    UploadLimits,
    UploadRefusedError,
)
from hamkor.discussions.rules.uploads.names import clean_name, extension_of

__all__ = [
    "FIELD",
    "KINDS",
    "OFFICE",
    "UPLOAD_PROFILES",
    "AcceptedFile",
    "FileKind",
    "Upload",
    "UploadLimits",
    "UploadRefusedError",
    "clean_name",
    "damaged",
    "extension_of",
    "judge_upload",
]
