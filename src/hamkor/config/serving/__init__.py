# SPDX-License-Identifier: Apache-2.0
"""One installation as processes: the supervisor, what it starts, and how other commands find it."""
