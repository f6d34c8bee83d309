# SPDX-License-Identifier: Apache-2.0
"""The verbs of what-if runs. The id of a run is made by who asks: sent again, it is asked once."""

from hamkor.scenarios.commands.keeping import keep_result
from hamkor.scenarios.commands.runs import cancel_run, delete_run, request_run

__all__ = ["cancel_run", "delete_run", "keep_result", "request_run"]
