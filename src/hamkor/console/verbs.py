# SPDX-License-Identifier: Apache-2.0
"""What may be sent from the console: each verb is a command of a room, read strictly by the command's own arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from operator import or_
from types import ModuleType
from typing import Any, Protocol, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct

from hamkor.agencies.rules import Viewer
from hamkor.alarms import commands as alarms
from hamkor.common.errors import HamkorError
from hamkor.common.messages import N_
from hamkor.console.limits import BODY_MAX_BYTES
from hamkor.console.opening import files, journals, vault
from hamkor.discussions import commands as discussions
from hamkor.incidents import commands as incidents
from hamkor.journal.rules import Envelope
from hamkor.operation import commands as operation
from hamkor.orders import commands as orders
from hamkor.telemetry import commands as telemetry
from hamkor.units import commands as units

Command = Callable[..., Any]
# One line per verb: the name is that of the command.
VERBS: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (operation, ("open_operation", "enter_phase", "set_clock", "close_operation")),
    (operation, ("add_job", "start_job", "finish_job", "skip_job", "reopen_job", "assign_job")),
    (operation, ("check_in", "leave_post", "hear_post")),
    (operation, ("start_contingency", "end_contingency")),
    (operation, ("order_stop", "tell_link", "confirm_link", "announce_stop", "take_effect", "lift_stop")),
    (operation, ("prepare_handover", "confirm_handover", "refuse_handover")),
    (alarms, ("install_rules", "set_rule", "remove_rule", "raise_manual")),
    (alarms, ("acknowledge", "shelve", "unshelve", "clear_alarm")),
    (incidents, ("report_incident", "change_incident", "advance_incident", "link_report")),
    (incidents, ("add_note", "strike_note", "merge_incidents", "strike_incident")),
    (incidents, ("set_medical", "describe_missing", "find_missing", "erase_missing")),
    (units, ("register_unit", "change_unit", "retire_unit", "dispatch_units", "set_unit_state")),
    (units, ("register_planned_units",)),
    (units, ("release_unit", "reassign_unit", "start_roll_call", "answer_roll_call", "end_roll_call")),
    (orders, ("send_message", "mark_delivered", "mark_seen", "answer_message", "read_back")),
    (orders, ("confirm_read_back", "reroute_message", "strike_message", "log_message")),
    (orders, ("set_template", "remove_template")),
    (discussions, ("erase_file",)),
    (telemetry, ("register_device", "issue_key", "revoke_device")),
)

# What a command gets from the server and nobody may send.
_GIVEN: dict[str, Callable[[], Any]] = {"vault": vault, "files": files}
_NOT_SENT = frozenset({"store", "envelope", "viewer", *_GIVEN})


class Result(Protocol):
    """What every command says at least."""

    @property
    def number(self) -> int:
        """Number of the journal after it."""


class VerbUnknownError(HamkorError):
    """There is no such verb, or what was sent does not suit it."""


class Sent(Struct, frozen=True, kw_only=True, tag_field="verb", forbid_unknown_fields=True):
    """What is common to all verbs.

    Args:
        command_id: UUID of version 7 made by the browser: sent again, the command is done once.
    """

    command_id: UUID


@cache
def commands() -> dict[str, Command]:
    """Returns every command that may be sent, by its verb."""
    return {verb: getattr(room, verb) for room, verbs in VERBS for verb in verbs}


def read_sent(body: bytes) -> Sent:
    """Returns what a browser sent.

    Raises:
        VerbUnknownError: ``too-large`` or ``command-malformed``, saying where.
    """
    if len(body) > BODY_MAX_BYTES:
        template = N_("This is {size} bytes long; a command may have {most}. Write less, or attach a file.")
        raise VerbUnknownError("too-large", template, size=len(body), most=BODY_MAX_BYTES)
    try:
        sent: Sent = _decoder().decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        template = N_("The command cannot be read: {reason}. Load the page again and send it once more.")
        raise VerbUnknownError("command-malformed", template, reason=str(error)) from error
    return sent


def perform_sent(sent: Sent, envelope: Envelope, *, viewer: Viewer) -> int:
    """Does what was sent and returns the number of the journal after it.

    Raises:
        HamkorError: As the command.
    """
    command = commands()[verb_of(sent)]
    asked = inspect.signature(command).parameters
    given = {name: make() for name, make in _GIVEN.items() if name in asked}
    values = {name: getattr(sent, name) for name in sent.__struct_fields__ if name != "command_id"}
    done = command(journals(), envelope, viewer=viewer, **values, **given)
    return cast("Result", getattr(done, "result", done)).number


def verb_of(sent: Sent) -> str:
    """Returns the verb of what was sent."""
    return str(type(sent).__struct_config__.tag)


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    structs = tuple(struct_of(verb, command) for verb, command in commands().items())
    union: Any = structs[0]
    for struct in structs[1:]:
        union |= struct
    return msgspec.json.Decoder(union)


def struct_of(verb: str, command: Command) -> type[Sent]:
    """Returns the struct of what is sent for a verb: the arguments of its command that people give.

    Args:
        verb: The verb.
        command: Its command.
    """
    hints = get_type_hints(command, include_extras=True)
    parameters: Iterable[inspect.Parameter] = inspect.signature(command).parameters.values()
    fields: list[Any] = [
        (each.name, _strict(hints[each.name]))
        if each.default is inspect.Parameter.empty
        else (each.name, _strict(hints[each.name]), each.default)
        for each in parameters
        if each.name not in _NOT_SENT
    ]
    made: Any = msgspec.defstruct(
        verb, fields, bases=(Sent,), frozen=True, kw_only=True, tag=verb, forbid_unknown_fields=True
    )
    return cast("type[Sent]", made)


def _strict(hint: Any) -> Any:
    """Returns what may be sent where a command takes a struct or a mapping of its fields: the struct."""
    members = get_args(hint)
    if not any(isinstance(each, type) and issubclass(each, Struct) for each in members):
        return hint
    kept = [each for each in members if get_origin(each) not in (Mapping, dict)]
    return reduce(or_, kept)
