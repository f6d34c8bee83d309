# SPDX-License-Identifier: Apache-2.0
"""What leaves the workspace: papers, files for other programs, calendars."""
