# SPDX-License-Identifier: Apache-2.0
"""The verbs of discussions. The id of what a command makes is the command's own id: sent again, it is made once."""

from hamkor.discussions.commands.attachments import (
    FileStore,
    attach_file,
    erase_file,
    strike_attachment,
    sweep_files,
)
from hamkor.discussions.commands.comments import correct_comment, strike_comment, write_comment
from hamkor.discussions.commands.questions import (
    answer_question,
    ask_question,
    close_question,
    redirect_question,
)

__all__ = [
    "FileStore",
    "answer_question",
    "ask_question",
    "attach_file",
    "close_question",
    "correct_comment",
    "erase_file",
    "redirect_question",
    "strike_attachment",
    "strike_comment",
    "sweep_files",
    "write_comment",
]
