# SPDX-License-Identifier: Apache-2.0
"""The pages and addresses of the console."""
