# SPDX-License-Identifier: Apache-2.0
"""Pictures of what was simulated: charts, maps, films and replays."""
