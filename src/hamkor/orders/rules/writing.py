# SPDX-License-Identifier: Apache-2.0
"""What somebody is about to say, before it is a message: judged and cleaned."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

import msgspec

from hamkor.agencies.rules import AgencyCode, NotAllowedError, Viewer, may
from hamkor.common.messages import N_
from hamkor.common.records import Id, Language, Text
from hamkor.discussions.rules import clean_text
from hamkor.journal.rules import Documents
from hamkor.orders.rules.limits import DEFAULT_PROFILE
from hamkor.orders.rules.messages import (
    ATTACHMENTS_MAX,
    WORDS_MAX,
    Addressee,
    MessageError,
    MessageTemplate,
    Sort,
    Urgency,
)
from hamkor.orders.rules.routes import require_channel

# Words for a channel the plan does not name.
CHANNEL_SORTS: frozenset[str] = frozenset(
    {"radio", "phone", "landline", "messenger", "loudhailer", "runner", "face_to_face"}
)
# Kinds of what a message may be about; some belong to rooms beside or above, so only their names are known here.
KIND_OF = {"incident": "incident", "alarm": "alarm", "stop": "show_stop", "template": "message_template"}


class Draft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What somebody is about to say; the fields are those of the message it becomes.

    Args:
        to: Whom it is for.
        text: What is said, in one language or in several.
        sort: What is wanted of the addressees.
        urgency: How soon.
        agency: Party the sender acts for; their own when None.
        from_post: Post of the plan the sender speaks from.
        languages: Languages it is said in; those of the text when it has several.
        attachments: Ids of attached files.
        template: Id of the template it was made of.
        incident: Id of the incident it is about.
        alarm: Id of the alarm it is about.
        stop: Id of the show-stop it belongs to.
        via: Channel it is spoken over, None for Hamkor.
        needs_read_back: True when the addressee must repeat it.
        profile: Name of the profile of time limits.
    """

    to: tuple[Addressee, ...]
    text: Text
    sort: Sort = "order"
    urgency: Urgency = "routine"
    agency: AgencyCode | None = None
    from_post: Id | None = None
    languages: tuple[Language, ...] = ()
    attachments: tuple[str, ...] = ()
    template: Id | None = None
    incident: str | None = None
    alarm: str | None = None
    stop: str | None = None
    via: str | None = None
    needs_read_back: bool = False
    profile: str = DEFAULT_PROFILE


def clean_texts(text: Text) -> Text:
    """Returns a text in one language or several as it is kept.

    Raises:
        TextUnusableError: ``text-empty`` or ``text-too-long``.
    """
    if isinstance(text, str):
        return clean_text(text)
    return {language: clean_text(words) for language, words in text.items()} or clean_text("")


def clean_words(words: str | None) -> str | None:
    """Returns words said beside something as they are kept, None when there are none.

    Raises:
        TextUnusableError: ``text-too-long``.
    """
    return clean_text(words, most=WORDS_MAX) if words and words.strip() else None


def cleaned(draft: Draft) -> Draft:
    """Returns the draft with its texts as they are kept, and the languages they are in.

    Raises:
        TextUnusableError: ``text-empty`` or ``text-too-long``.
        MessageError: ``message-log`` or ``too-many-attachments``.
    """
    if draft.sort == "log":
        template = N_("A call is written down, not sent. Use the form for calls on other channels.")
        raise MessageError("message-log", template)
    if len(draft.attachments) > ATTACHMENTS_MAX:
        template = N_("A message can have at most {most} files. Send another message with the rest.")
        raise MessageError("too-many-attachments", template, most=ATTACHMENTS_MAX)
    text = clean_texts(draft.text)
    languages = draft.languages if isinstance(text, str) else tuple(text)
    attachments = tuple(dict.fromkeys(draft.attachments))
    return msgspec.structs.replace(draft, text=text, languages=languages, attachments=attachments)


def require_about(documents: Documents, draft: Draft) -> None:
    """Returns when everything a message refers to is there.

    Raises:
        MessageError: ``about-absent``, ``channel-absent`` or ``channel-dead``.
    """
    for field, kind in KIND_OF.items():
        named = getattr(draft, field)
        if named is not None and documents.get(kind, named) is None:
            template = N_("What the message is about is not there any more. Load the page again.")
            raise MessageError("about-absent", template, field=field, id=named)
    if draft.via is not None:
        require_channel(documents, draft.via, is_working=True)


def in_languages_of_template(documents: Documents, draft: Draft) -> tuple[Text, tuple[Language, ...]]:
    """Returns text and languages of a draft: those of its template while nobody has changed its words.

    Notes:
        A screen shows a template in one language, but those who get the message read others.
    """
    found = None if draft.template is None else documents.get("message_template", draft.template)
    prepared = found.text if isinstance(found, MessageTemplate) else None
    if isinstance(prepared, dict) and isinstance(draft.text, str) and draft.text in prepared.values():
        return prepared, tuple(prepared)
    return draft.text, draft.languages


def agency_of(documents: Documents, viewer: Viewer, draft: Draft) -> AgencyCode | None:
    """Returns the party a message is sent for, when the sender acts for it and for the post they speak from.

    Raises:
        NotAllowedError: ``not-allowed``.
        MessageError: ``post-absent``.
    """
    own = {grant.agency for grant in viewer.grants}
    agency = draft.agency or viewer.agency
    is_own = agency is None or agency in own or agency == viewer.agency
    if draft.from_post is not None:
        post = documents.get("post", draft.from_post)
        if post is None:
            template = N_("The post you speak from is not in the plan any more. Choose another one.")
            raise MessageError("post-absent", template, id=draft.from_post)
        is_own = is_own and getattr(post, "agency", None) in {None, *own}
    if not is_own and not may(viewer, "operate"):
        raise NotAllowedError(viewer, "operate")
    return agency
