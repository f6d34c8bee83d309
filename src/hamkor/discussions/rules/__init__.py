# SPDX-License-Identifier: Apache-2.0
"""What people say about a plan: comments, questions, attachments, and what may be uploaded."""

from hamkor.discussions.rules.about import (
    OF_MESSAGES,
    THE_EVENT,
    About,
    AboutError,
    make_about,
    require_about,
)
from hamkor.discussions.rules.talk import (
    Addressee,
    Answer,
    Attachment,
    Comment,
    DiscussionError,
    Question,
    QuestionState,
    Redirection,
    Strike,
    Wording,
    agencies_of,
    is_asked,
    is_coordinator,
    state_of,
)
from hamkor.discussions.rules.texts import TEXT_MAX, TextUnusableError, clean_reason, clean_text

__all__ = [
    "OF_MESSAGES",
    "TEXT_MAX",
    "THE_EVENT",
    "About",
    "AboutError",
    "Addressee",
    "Answer",
    "Attachment",
    "Comment",
    "DiscussionError",
    "Question",
    "QuestionState",
    "Redirection",
    "Strike",
    "TextUnusableError",
    "Wording",
    "agencies_of",
    "clean_reason",
    "clean_text",
    "is_asked",
    "is_coordinator",
    "make_about",
    "require_about",
    "state_of",
]
