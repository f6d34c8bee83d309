# SPDX-License-Identifier: Apache-2.0
"""The web application, for any ASGI server."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from hamkor.config.kinds import declare_all_kinds

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamkor.config.settings")
application = get_asgi_application()
declare_all_kinds()
