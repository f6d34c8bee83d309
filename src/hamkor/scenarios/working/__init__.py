# SPDX-License-Identifier: Apache-2.0
"""From a waiting question to a kept answer: the queue, the process beside the worker, what runs in it."""
