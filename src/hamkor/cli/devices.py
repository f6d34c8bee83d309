# SPDX-License-Identifier: Apache-2.0
"""`hamkor devices` and `hamkor simulate-devices`: the devices of one event, and ones that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hamkor.cli.edge import STATUS_OK
from hamkor.cli.language import N_, say, spoken
from hamkor.cli.options import language_option
from hamkor.common.errors import HamkorError

if TYPE_CHECKING:
    from hamkor.journal.rules import Documents, Envelope
    from hamkor.telemetry.rules.devices import Wanted
    from hamkor.telemetry.simulating.evening import Evening
    from hamkor.telemetry.simulating.playing import Played

DEFAULT_URL = "http://127.0.0.1:8001"
event_argument = click.argument("event", metavar="EVENT")
device_argument = click.argument("device", metavar="DEVICE")


class Desk:
    """The devices of one event, as who runs the installation keeps them.

    Args:
        store: The journals.
        stream: Id of the event.
        secret: Secret of the installation.
    """

    def __init__(self, store: Any, stream: str, secret: bytes) -> None:
        self.store, self.stream, self._secret = store, stream, secret

    def sent(self) -> dict[str, Any]:
        """Returns what every command gets."""
        from hamkor.common.ids import new_id
        from hamkor.journal.rules import Envelope
        from hamkor.telemetry.rules.devices import SYSTEM_INGEST

        at = datetime.now(UTC)
        envelope: Envelope = Envelope(
            stream=self.stream, command_id=new_id(at), at=at, by=SYSTEM_INGEST.person
        )
        return {"store": self.store, "envelope": envelope, "viewer": SYSTEM_INGEST}

    @property
    def documents(self) -> Documents:
        """The documents of the event."""
        from hamkor.journal.queries import get_documents

        return get_documents(self.store, self.stream)

    def keys(self) -> dict[str, str]:
        """Returns the keys of the devices that may send."""
        from hamkor.telemetry.facts import DEVICE
        from hamkor.telemetry.rules.keys import device_key

        return {
            device.id: device_key(self._secret, self.stream, device.id, generation=device.generation)
            for device in self.documents.all(DEVICE)
            if device.revoked_at is None
        }

    def register(self, devices: Sequence[Wanted]) -> None:
        """Registers devices."""
        from hamkor.telemetry.commands import register_device

        for device in devices:
            register_device(**self.sent(), device=device)


@contextmanager
def desk_of(event: str) -> Iterator[Desk]:
    """Gives the devices of an event.

    Args:
        event: Id of its journal, or the short name of the event.

    Raises:
        HamkorError: ``event-unknown`` or ``event-ambiguous``.
    """
    from hamkor.cli.serving import require_server

    require_server()
    from hamkor.config.environment import read_environment, read_secret_key
    from hamkor.config.installation import django_ready

    environment = read_environment()
    with django_ready(environment):
        from hamkor.events.facts import EVENT
        from hamkor.journal.queries import list_documents
        from hamkor.workspace import stores

        store = stores.journals()
        found = [stream for stream, each in list_documents(store, EVENT) if event in {stream, each.id}]
        if not found:
            template = N_(
                "There is no event “{event}” in this installation. Its address in the browser names it."
            )
            raise HamkorError("event-unknown", template, event=event)
        if len(found) > 1:
            template = N_("“{event}” is the name of {count} events. Give the id of one: {ids}.")
            raise HamkorError("event-ambiguous", template, event=event, count=len(found), ids=found)
        yield Desk(store, found[0], read_secret_key(environment.data_dir).encode())


@click.group("devices", help=spoken(N_("The devices that send readings to one event, and their keys.")))
def devices() -> None:
    """Holds the commands."""


@devices.command("list", help=spoken(N_("Show the devices of an event and whether they are heard.")))
@event_argument
@language_option
def list_all(event: str, *, language: str) -> int:
    """Shows the devices."""
    from hamkor.telemetry.facts import DEVICE, DEVICE_STATE

    with desk_of(event) as desk:
        documents = desk.documents
        registered = documents.all(DEVICE)
        for device in registered:
            state = documents.get(DEVICE_STATE, device.id)
            shown = "revoked" if device.revoked_at else state.state if state else "-"
            click.echo(f"{device.id:<32} {device.sort:<8} {shown:<8} {device.feature or '-'}")
    click.echo(say(N_("{count} devices."), language, count=len(registered)))
    return STATUS_OK


@devices.command("register", help=spoken(N_("Register a device and show its key.")))
@event_argument
@device_argument
@click.option(
    "--sort", required=True, help=spoken(N_("counter, density, button, weather, tracker, smoke, gateway."))
)
@click.option("--feature", help=spoken(N_("Feature of the drawing its readings are about.")))
@click.option(
    "--also", multiple=True, help=spoken(N_("A further feature a gateway tells of; may be repeated."))
)
@click.option("--unit", help=spoken(N_("Unit that carries the tracker.")))
@click.option("--title", help=spoken(N_("What people call it.")))
@click.option("--silence", type=float, help=spoken(N_("Seconds of silence after which it counts as lost.")))
@language_option
def register_one(event: str, device: str, *, language: str, **given: Any) -> int:
    """Registers a device and shows its key."""
    import msgspec

    from hamkor.telemetry.rules.devices import DeviceError, Wanted

    with desk_of(event) as desk:
        values = {"id": device, "features": given.pop("also"), "silence_s": given.pop("silence"), **given}
        try:
            wanted = msgspec.convert(values, Wanted)
        except msgspec.ValidationError as error:
            template = N_("The device cannot be registered so: {reason}.")
            raise DeviceError("device-malformed", template, reason=str(error)) from None
        desk.register([wanted])
        _show_key(desk, device, language)
    return STATUS_OK


@devices.command("issue-key", help=spoken(N_("Give a device a new key; the old one is worth nothing then.")))
@event_argument
@device_argument
@language_option
def issue(event: str, device: str, *, language: str) -> int:
    """Issues a key and shows it."""
    from hamkor.telemetry.commands import issue_key

    with desk_of(event) as desk:
        issue_key(**desk.sent(), device_id=device)
        _show_key(desk, device, language)
    return STATUS_OK


@devices.command("revoke", help=spoken(N_("Shut a device out: what it sends is refused.")))
@event_argument
@device_argument
@click.option("--reason", required=True, help=spoken(N_("Why; it stands in the record.")))
@language_option
def revoke(event: str, device: str, *, reason: str, language: str) -> int:
    """Shuts a device out."""
    from hamkor.telemetry.commands import revoke_device

    with desk_of(event) as desk:
        revoke_device(**desk.sent(), device_id=device, reason=reason)
    click.echo(say(N_("{device} is shut out."), language, device=device))
    return STATUS_OK


def _show_key(desk: Desk, device: str, language: str) -> None:
    text = N_("{device} sends with: Authorization: Device {stream}/{device}:{key}")
    click.echo(say(text, language, device=device, stream=desk.stream, key=desk.keys()[device]))


@click.command(
    "simulate-devices", help=spoken(N_("Play an evening of an event with devices that do not exist."))
)
@event_argument
@click.option(
    "--url", default=DEFAULT_URL, show_default=True, help=spoken(N_("Where readings are taken in."))
)
@click.option("--mqtt", help=spoken(N_("Send over this broker instead, such as mqtt://127.0.0.1:1883.")))
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 600),
    default=1.0,
    show_default=True,
    help=spoken(N_("Seconds of the event in one second.")),
)
@click.option(
    "--from",
    "recording",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=spoken(N_("Play this recording instead.")),
)
@click.option(
    "--record", type=click.Path(path_type=Path, dir_okay=False), help=spoken(N_("File to record into."))
)
@click.option("--skip", type=float, default=0.0, help=spoken(N_("Minutes of the evening to leave out.")))
@click.option("--minutes", type=float, help=spoken(N_("Minutes of the evening to play; all if not given.")))
@click.option("--jam", help=spoken(N_("Gate that hardly lets anybody through; `none` for none.")))
@click.option(
    "--units", type=click.IntRange(0, 500), default=6, help=spoken(N_("Number of units that walk."))
)
@language_option
def simulate(event: str, *, language: str, **given: Any) -> int:
    """Registers the devices of an evening and plays it."""
    import asyncio

    from hamkor.telemetry.simulating.playing import devices_recorded

    with desk_of(event) as desk:
        evening = None if given["recording"] else _evening(desk, given)
        wanted = devices_recorded(given["recording"]) if evening is None else evening.devices
        desk.register(wanted)
        text = N_("{count} devices send to {place}. Ctrl-C stops them.")
        click.echo(say(text, language, count=len(wanted), place=given["mqtt"] or given["url"]))
        played = asyncio.run(_play(desk, evening, given))
    done = N_("{readings} readings in {batches} batches sent, {refused} batches not taken.")
    facts = {"readings": played.readings, "batches": played.batches, "refused": played.refused}
    click.echo(say(done, language, **facts))
    return STATUS_OK


def _evening(desk: Desk, given: dict[str, Any]) -> Evening:
    """Returns the evening of the event's plan, as far as it is to be left out already played."""
    from datetime import timedelta

    from hamkor.telemetry.simulating.evening import Evening, Scenario
    from hamkor.units.facts import UNIT

    documents = desk.documents
    units = [unit.id for unit in documents.all(UNIT)][: given["units"]]
    units = units or [f"unit-{number}" for number in range(1, given["units"] + 1)]
    jam = given["jam"]
    scenario = Scenario(jam_way=None if jam == "none" else jam or "")
    attendance: Any = documents.get("attendance", "attendance")
    features: Any = documents.all("feature")
    evening = Evening(features, attendance, scenario=scenario, units=units)
    evening.advance(given["skip"] * 60)
    if given["minutes"]:
        evening.ends_at = min(evening.ends_at, evening.at + timedelta(minutes=given["minutes"]))
    return evening


async def _play(desk: Desk, evening: Evening | None, given: dict[str, Any]) -> Played:
    import asyncio

    from hamkor.telemetry.simulating.playing import play, play_recorded
    from hamkor.telemetry.simulating.sending import opened_sending

    keys = await asyncio.to_thread(desk.keys)
    async with opened_sending(desk.stream, keys, url=given["url"], mqtt_url=given["mqtt"]) as sending:
        if evening is None:
            return await play_recorded(given["recording"], sending, speed=given["speed"])
        if given["record"] is None:
            return await play(evening, sending, speed=given["speed"])
        with given["record"].open("wb") as record:
            return await play(evening, sending, speed=given["speed"], record=record)


def register(app: click.Group) -> None:
    """Adds the commands."""
    app.add_command(devices)
    app.add_command(simulate)
