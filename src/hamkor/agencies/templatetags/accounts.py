# SPDX-License-Identifier: Apache-2.0
"""What pages of sign-in ask of the installation."""

from __future__ import annotations

from django import template
from django.conf import settings

from hamkor.agencies.queries import directory

register = template.Library()


@register.simple_tag
def has_mail() -> bool:
    """Returns whether the installation sends mail."""
    return directory.has_mail()


@register.simple_tag
def has_providers() -> bool:
    """Returns whether there are other ways to sign in."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS)
