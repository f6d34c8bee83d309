# SPDX-License-Identifier: Apache-2.0
"""What people write into a plan: who does what, with what, and what happens when it goes wrong."""
