# SPDX-License-Identifier: Apache-2.0
"""The parties of a mass event, and what each role at an event may do."""

from hamkor.agencies.rules.parties import Agency, AgencyCode, AgencyKind, is_core
from hamkor.agencies.rules.rights import (
    PARTS_OF_ROLE,
    RIGHTS,
    RIGHTS_OF_ROLE,
    ROLES,
    Grant,
    NotAllowedError,
    Right,
    Role,
    Viewer,
    agencies_edited_by,
    agencies_operated_by,
    may,
    may_edit_part,
    may_see_medical,
    require,
)
from hamkor.agencies.rules.sending import require_same

__all__ = [
    "PARTS_OF_ROLE",
    "RIGHTS",
    "RIGHTS_OF_ROLE",
    "ROLES",
    "Agency",
    "AgencyCode",
    "AgencyKind",
    "Grant",
    "NotAllowedError",
    "Right",
    "Role",
    "Viewer",
    "agencies_edited_by",
    "agencies_operated_by",
    "is_core",
    "may",
    "may_edit_part",
    "may_see_medical",
    "require",
    "require_same",
]
