# SPDX-License-Identifier: Apache-2.0
"""What people do to a plan."""

from hamkor.plans.commands.record import EventAlreadyRecordedError, record_plan

__all__ = ["EventAlreadyRecordedError", "record_plan"]
