# SPDX-License-Identifier: Apache-2.0
"""Keys of devices: made from the secret of the installation, never stored; the seal of a message."""

from __future__ import annotations

import base64
import hmac
import re
from hashlib import sha256
from typing import NamedTuple

_PURPOSE = b"hamkor device key 1"
# `Device <stream>/<device>:<key>`; a key is 32 bytes in base 32, which people can read out to each other.
_AUTHORIZATION = re.compile(
    r"Device (?P<stream>[0-9A-Za-z-]{1,64})/(?P<device>[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}):(?P<key>[A-Z2-7]{52})"
)
_TOPIC = re.compile(
    r"hamkor/(?P<stream>[0-9A-Za-z-]{1,64})/(?P<device>[A-Za-z0-9][A-Za-z0-9_.:-]{0,79})/readings"
)


class Claim(NamedTuple):
    """Who a sender says it is, and the key it shows.

    Args:
        stream: Id of the event.
        device: Id of the device.
        key: The key, not looked at yet; empty where a seal stands for it.
    """

    stream: str
    device: str
    key: str


def device_key(secret: bytes, stream: str, device: str, *, generation: int) -> str:
    """Returns the key of a device.

    Args:
        secret: Secret of the installation.
        stream: Id of the event.
        device: Id of the device.
        generation: Grows with each key that is issued; keys of other generations are worth nothing.

    Source: HMAC, RFC 2104, with SHA-256; one key per purpose as NIST SP 800-108 asks for.
    """
    named = b"\0".join((_PURPOSE, stream.encode(), device.encode(), str(generation).encode()))
    return base64.b32encode(hmac.digest(secret, named, sha256)).decode().rstrip("=")


def is_key(given: str, key: str) -> bool:
    """True when both are the same; takes as long whatever differs."""
    return hmac.compare_digest(given.encode(), key.encode())


def read_authorization(value: str) -> Claim | None:
    """Returns who the header `Authorization` names, or None when it is none of a device."""
    found = _AUTHORIZATION.fullmatch(value)
    return None if found is None else Claim(found["stream"], found["device"], found["key"])


def authorization_of(stream: str, device: str, key: str) -> str:
    """Returns what a device writes into the header `Authorization`."""
    return f"Device {stream}/{device}:{key}"


def read_topic(topic: str) -> Claim | None:
    """Returns who a topic of MQTT names, or None when it is none for readings."""
    found = _TOPIC.fullmatch(topic)
    return None if found is None else Claim(found["stream"], found["device"], "")


def topic_of(stream: str, device: str) -> str:
    """Returns the topic a device publishes to."""
    return f"hamkor/{stream}/{device}/readings"


def seal(key: str, stream: str, device: str, *, seq: int, sent_at: int, readings: bytes) -> str:
    """Returns the seal of a message: HMAC-SHA-256 with the device's key, in hexadecimal digits.

    Args:
        key: Key of the device.
        stream: Id of the event.
        device: Id of the device.
        seq: Number of the message.
        sent_at: When it was sent, milliseconds.
        readings: The JSON array of readings, byte for byte as it stands in the message.
    """
    content = f"{stream}\n{device}\n{seq}\n{sent_at}\n".encode() + readings
    return hmac.new(key.encode(), content, sha256).hexdigest()
