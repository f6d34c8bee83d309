# SPDX-License-Identifier: Apache-2.0
"""Stopping the show: who may, on which sign, what must then happen, and until when."""

# Without `annotations` from `__future__`: msgspec reads the types, and types kept as text are compiled at every start.

from datetime import datetime, timedelta
from typing import Final, Literal, cast, get_args

import msgspec

from hamkor.agencies.rules import AgencyCode, NotAllowedError, Viewer, may
from hamkor.agencies.rules.rights import RIGHTS_OF_ROLE
from hamkor.common.figures import range_of
from hamkor.common.messages import N_, Message
from hamkor.common.records import Id, Language, ShortText, Text
from hamkor.journal.rules import Documents
from hamkor.operation.rules.acting import OperationError
from hamkor.operation.rules.jobs import JobId
from hamkor.operation.rules.parties import agency_of_word, word_shown
from hamkor.operation.rules.system import At, PersonRef
from hamkor.plans.rules.readiness import StopAuthority

StopAction = Literal["stop_show", "delay_start", "stop_entry", "open_exits", "evacuate", "cancel"]
StopState = Literal["ordered", "in_force", "lifted"]
Standing = Literal["coordinator", "holder", "deputy"]
STOP_ACTIONS: tuple[StopAction, ...] = get_args(StopAction)
ACTION_NAMES: dict[StopAction, str] = {
    "stop_show": N_("stop the show"),
    "delay_start": N_("delay the start"),
    "stop_entry": N_("stop the entry"),
    "open_exits": N_("open the exits"),
    "evacuate": N_("evacuate"),
    "cancel": N_("cancel the event"),
}
SIGN_MAX = 1000
GATES_MOST = 1000
# People must get out: what lets them out is not closed by the same order.
LETTING_OUT: Final[frozenset[StopAction]] = frozenset({"open_exits", "evacuate"})


class ChainLink(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One through whom the word must pass.

    Args:
        who: Id of a person or post of the plan, or words.
        channel: Id of the channel of the plan it goes by, or None.
        told_at: When they were told, or None.
        told_by: Who told them, or None.
        confirmed_at: When they said the word back, or None.
        confirmed_by: Who wrote that down, or None.
    """

    who: ShortText
    channel: Id | None = None
    told_at: At | None = None
    told_by: PersonRef | None = None
    confirmed_at: At | None = None
    confirmed_by: PersonRef | None = None


class ShowStop(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order to stop, from the sign to the lifting of it: the record of the decision.

    Args:
        id: Id of the command that ordered it.
        action: What was ordered.
        authority: Id of the authority of the plan; None when the coordinator ordered it without one.
        holder: Who holds that authority in the plan, or None.
        standing: As whom the one who ordered it acted.
        agency: Agency they acted for, or None.
        sign: The sign on which it was ordered, as in the plan or in words.
        sign_is_agreed: True when the plan names that sign.
        reason: What was seen, or None.
        ordered_at: When.
        ordered_by: Who ordered it.
        state: Where it stands.
        chain: Through whom the word must pass, in order.
        announcement: Words said to the public, by language.
        announced_at: When they were said, or None.
        announced_by: Who had them said, or None.
        gates_open: Ids of openings and turnstiles to open.
        gates_close: Ids of those to close.
        limit_min: Minutes from the sign until it must be in force, or None.
        in_force_at: When it took effect, or None.
        in_force_by: Who saw that, or None.
        lifted_at: When it was lifted, or None.
        lifted_by: Who lifted it, or None.
        lift_reason: Why, or None.
        jobs: Ids of the jobs it became.
    """

    id: str
    action: StopAction
    authority: Id | None = None
    holder: str | None = None
    standing: Standing
    agency: AgencyCode | None = None
    sign: Text
    sign_is_agreed: bool = False
    reason: str | None = None
    ordered_at: At
    ordered_by: PersonRef
    state: StopState = "ordered"
    chain: tuple[ChainLink, ...] = ()
    announcement: dict[Language, ShortText] = {}
    announced_at: At | None = None
    announced_by: PersonRef | None = None
    gates_open: tuple[Id, ...] = ()
    gates_close: tuple[Id, ...] = ()
    limit_min: float | None = None
    in_force_at: At | None = None
    in_force_by: PersonRef | None = None
    lifted_at: At | None = None
    lifted_by: PersonRef | None = None
    lift_reason: str | None = None
    jobs: tuple[JobId, ...] = ()

    @property
    def must_stand_at(self) -> datetime | None:
        """The moment until which it must be in force, None when the plan names no limit."""
        return None if self.limit_min is None else self.ordered_at + timedelta(minutes=self.limit_min)


class StopOption(msgspec.Struct, frozen=True, kw_only=True):
    """An authority of the plan as one person may use it.

    Args:
        authority: Of the plan; None for the coordinator's own word, without one.
        standing: As whom the person would act, None when they may not.
        refusal: Why not, or None.
        actions: What may be ordered by it, less what is ordered already.
        chain: Through whom the word would pass.
        limit_min: Minutes from the sign until it must be in force, or None.
    """

    authority: StopAuthority | None
    standing: Standing | None
    refusal: Message | None
    actions: tuple[StopAction, ...]
    chain: tuple[ChainLink, ...]
    limit_min: float | None


def recorded_stops(documents: Documents) -> tuple[ShowStop, ...]:
    """Returns the stops that were ordered, the oldest first."""
    return cast("tuple[ShowStop, ...]", documents.all("show_stop"))


def get_authority(documents: Documents, authority_id: str) -> StopAuthority:
    """Returns an authority of the plan.

    Raises:
        OperationError: ``authority-absent``.
    """
    found = cast("StopAuthority | None", documents.get("stop_authority", authority_id))
    if found is None:
        template = N_("The plan has no authority “{authority}” to stop. Choose one that it has.")
        raise OperationError("authority-absent", template, authority=authority_id)
    return found


def standing_of(documents: Documents, viewer: Viewer, authority: StopAuthority | None) -> Standing | None:
    """Returns as whom a person may use an authority, None when they may not.

    Args:
        documents: Documents of the event.
        viewer: Who.
        authority: Of the plan; None for the coordinator's own word.
    """
    if may(viewer, "stop_show"):
        return "coordinator"
    if authority is None:
        return None
    own = _agencies_at_console(viewer)
    if (authority.agency or agency_of_word(documents, authority.holder)) in own:
        return "holder"
    return "deputy" if agency_of_word(documents, authority.deputy) in own else None


def require_standing(documents: Documents, viewer: Viewer, authority: StopAuthority | None) -> Standing:
    """Returns as whom a person may use an authority.

    Raises:
        NotAllowedError: ``not-allowed``, for who acts for nobody at the console.
        OperationError: ``stop-not-yours``, with who may.
    """
    standing = standing_of(documents, viewer, authority)
    if standing is not None:
        return standing
    if authority is None or not _agencies_at_console(viewer):
        raise NotAllowedError(viewer, "stop_show")
    raise _not_yours(documents, authority)


def require_action(authority: StopAuthority | None, action: StopAction) -> None:
    """Returns when the plan lets the holder do this without asking anybody.

    Raises:
        OperationError: ``stop-beyond-authority``.
    """
    if action not in STOP_ACTIONS or (authority is not None and action not in authority.may):
        template = N_(
            "This authority may not {action} by the plan. Choose one that may, or ask the coordinator."
        )
        name = ACTION_NAMES.get(action)
        raise OperationError(
            "stop-beyond-authority", template, action=action if name is None else Message(name)
        )


def require_confirmed(action: StopAction, confirm: str) -> None:
    """Returns when the second gesture names the same action as the first.

    Raises:
        OperationError: ``stop-unconfirmed``.
    """
    if confirm != action:
        template = N_(
            "Nothing was ordered. Confirm the order by a second gesture that names the same action."
        )
        raise OperationError("stop-unconfirmed", template)


def require_not_standing(documents: Documents, action: StopAction, authority: StopAuthority | None) -> None:
    """Returns when the same is not ordered already by the same authority.

    Raises:
        OperationError: ``stop-standing``.
    """
    asked = None if authority is None else authority.id
    for stop in recorded_stops(documents):
        if stop.state != "lifted" and (stop.action, stop.authority) == (action, asked):
            template = N_("This is ordered already. See through whom the word has still to pass.")
            raise OperationError("stop-standing", template)


def limit_of(authority: StopAuthority | None) -> float | None:
    """Returns the minutes from the sign until it must take effect, the least of a range; None when not planned."""
    if authority is None or authority.within_min is None:
        return None
    return range_of(authority.within_min).low


def chain_of(authority: StopAuthority | None) -> tuple[ChainLink, ...]:
    """Returns through whom the word must pass, as the plan has it, none of them told yet."""
    if authority is None:
        return ()
    return tuple(ChainLink(who=who, channel=authority.channel) for who in authority.steps or ())


def sign_of(authority: StopAuthority | None, sign: Text) -> tuple[Text, bool]:
    """Returns a sign as the plan words it, and whether the plan names it.

    Args:
        authority: Of the plan, or None.
        sign: As chosen or written; in one language it matches the sign of the plan in all.
    """
    for known in (authority.signs or ()) if authority is not None else ():
        words = known.values() if isinstance(known, dict) else (known,)
        if sign == known or sign in words:
            return known, True
    return sign, False


def stop_options(documents: Documents, viewer: Viewer) -> tuple[StopOption, ...]:
    """Returns every authority of the plan as a person may use it, those they may use first."""
    options = [
        _option(documents, viewer, authority)
        for authority in cast("tuple[StopAuthority, ...]", documents.all("stop_authority"))
    ]
    if may(viewer, "stop_show"):
        options.append(_option(documents, viewer, None))
    return tuple(sorted(options, key=lambda option: option.standing is None))


def _option(documents: Documents, viewer: Viewer, authority: StopAuthority | None) -> StopOption:
    standing = standing_of(documents, viewer, authority)
    asked = None if authority is None else authority.id
    ordered = {
        stop.action
        for stop in recorded_stops(documents)
        if stop.state != "lifted" and stop.authority == asked
    }
    actions = STOP_ACTIONS if authority is None else authority.may
    refusal = None
    if standing is None and authority is not None:
        refusal = _not_yours(documents, authority).message
    return StopOption(
        authority=authority,
        standing=standing,
        refusal=refusal,
        actions=tuple(action for action in actions if action not in ordered),
        chain=chain_of(authority),
        limit_min=limit_of(authority),
    )


def _not_yours(documents: Documents, authority: StopAuthority) -> OperationError:
    holder = word_shown(documents, authority.holder)
    if authority.deputy in (None, "none"):
        template = N_("By the plan {holder} orders this. Tell them, or the coordinator, at once.")
        return OperationError("stop-not-yours", template, holder=holder)
    template = N_("By the plan {holder} orders this, or {deputy}. Tell them, or the coordinator, at once.")
    deputy = word_shown(documents, authority.deputy or "")
    return OperationError("stop-not-yours", template, holder=holder, deputy=deputy)


def _agencies_at_console(viewer: Viewer) -> frozenset[AgencyCode]:
    """Returns the agencies for which a person sits at the console; who only answers orders is not among them."""
    wanted = {"operate", "operate_own"}
    return frozenset(grant.agency for grant in viewer.grants if wanted & RIGHTS_OF_ROLE[grant.role])
