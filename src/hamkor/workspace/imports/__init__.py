# SPDX-License-Identifier: Apache-2.0
"""What comes into the workspace: files are judged, shown as differences, and taken over only when confirmed."""
