# SPDX-License-Identifier: Apache-2.0
"""What may be asked, what an answer is computed from, what comes back. Import by module."""
