# SPDX-License-Identifier: Apache-2.0
"""Pages: each turns one request into queries or one command, and back."""
