# SPDX-License-Identifier: Apache-2.0
"""The event while it runs: phases and clock, due work, posts that check in, contingencies, show-stop, hand-over."""
