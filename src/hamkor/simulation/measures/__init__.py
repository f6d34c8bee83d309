# SPDX-License-Identifier: Apache-2.0
"""What is measured: density, speed and flow of trajectories, levels, waits, verdicts on outcomes."""
