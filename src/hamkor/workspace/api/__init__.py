# SPDX-License-Identifier: Apache-2.0
"""The interface for programs: HTTP and JSON, the same rights as the person whose token is shown."""
