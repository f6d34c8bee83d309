# SPDX-License-Identifier: Apache-2.0
"""The event while it runs: phases and clock, work that is due, posts that check in, contingencies, stopping the show, hand-over."""
