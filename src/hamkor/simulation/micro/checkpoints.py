# SPDX-License-Identifier: Apache-2.0
"""Keeps the state of a run in a file, so that a killed run goes on to the same result to the last bit."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely

from hamkor.common.messages import N_
from hamkor.simulation.micro.crowd import Crowd
from hamkor.simulation.micro.errors import CheckpointError
from hamkor.simulation.micro.profile import MotionProfile
from hamkor.simulation.micro.recording import FrameStore
from hamkor.simulation.rules.floors import Floors

VERSION = 2


def inputs_hash(floors: Floors, crowd: Crowd, profile: MotionProfile, numbers: Any) -> str:
    """Returns the SHA-256 of all that decides a run, hexadecimal.

    Args:
        floors: The ground.
        crowd: Who walks.
        profile: Motion profile.
        numbers: Time step, horizon, seed, changes and the like, anything msgspec can write.
    """
    digest = hashlib.sha256()
    for part in (*floors.sheets, *floors.doors, *floors.strips):
        digest.update(msgspec.msgpack.encode(msgspec.structs.asdict(part), enc_hook=_encode_shape))
    for each in fields(crowd):
        value = getattr(crowd, each.name)
        digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    digest.update(msgspec.msgpack.encode((profile, numbers)))
    return digest.hexdigest()


def _encode_shape(value: Any) -> bytes:
    encoded: bytes = shapely.to_wkb(value)
    return encoded


def save_checkpoint(
    path: Path,
    inputs: str,
    state: Mapping[str, np.ndarray],
    extra: Mapping[str, Mapping[str, np.ndarray]],
    frames: FrameStore | None,
) -> None:
    """Writes a checkpoint; the file is whole at any moment, the one before or this one.

    Args:
        path: File.
        inputs: Hash of the inputs.
        state: Arrays of the run.
        extra: More arrays, by group and name.
        frames: Recorded frames.
    """
    arrays: dict[str, np.ndarray] = {"version": np.array([VERSION]), "inputs": np.array([inputs])}
    arrays |= {f"state-{name}": array for name, array in state.items()}
    arrays |= {f"{group}-{name}": array for group, named in extra.items() for name, array in named.items()}
    if frames is not None:
        whole = frames.finish((0.0, 0.0))
        arrays |= {
            "frames-times": np.array(frames.times, np.float64),
            "frames-offsets": whole.offsets,
            "frames-every": np.array([whole.every_s]),
            "frames-ids": whole.ids,
            "frames-xy": whole.xy,
            "frames-sheet": whole.sheet,
            "frames-speed": whole.speed,
        }
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type] # names are our own, none of them an option of savez
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content.getbuffer())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load_checkpoint(path: Path, inputs: str) -> dict[str, np.ndarray]:
    """Returns the arrays of a checkpoint.

    Args:
        path: File.
        inputs: Hash of the inputs of the run that wants to go on.

    Raises:
        CheckpointError: No checkpoint, of another version, or of another run.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
        version, found = int(kept["version"][0]), str(kept["inputs"][0])
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(
            "checkpoint-unreadable",
            N_("“{path}” is no checkpoint of a simulation. Remove it, or name another file."),
            path=path.name,
        ) from error
    if version != VERSION or found != inputs:
        raise CheckpointError(
            "checkpoint-of-another-run",
            N_(
                "“{path}” was kept by another run: drawing, people, profile or questions differ. "
                "Remove it to start anew."
            ),
            path=path.name,
        )
    return kept
