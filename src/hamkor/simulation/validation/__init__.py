# SPDX-License-Identifier: Apache-2.0
"""Does the crowd engine give what standards, measurements and other engines give? Cases, bars and the report."""
