# SPDX-License-Identifier: Apache-2.0
"""Everything of an installation in one file, and back."""
