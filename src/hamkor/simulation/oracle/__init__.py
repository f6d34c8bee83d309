# SPDX-License-Identifier: Apache-2.0
"""Other people's engines behind our own structs, optional, to compare with."""
