# SPDX-License-Identifier: Apache-2.0
"""The rules: what each looks at, when it is red, and why."""
