# SPDX-License-Identifier: Apache-2.0
"""A queueing network: places that hold people, links that let so many through in a second."""
