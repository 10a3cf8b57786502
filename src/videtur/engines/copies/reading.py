"""Fingerprints of a file on its own: one sandboxed decode pass that feeds nothing else."""

from typing import BinaryIO

from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.sound import SoundFingerprinter
from videtur.engines.media.events import AnalysisFrame, PassRequest, ProxyFrame, SoundBlock
from videtur.engines.media.first_pass import decode
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox


def fingerprints_of(
    source: BinaryIO,
    sandbox: DecodingSandbox,
    limits: Limits | None = None,
    *,
    picture: bool = True,
    sound: bool = True,
) -> Fingerprints:
    """Decode a file once and fingerprint it. Raises Refused when nothing in it can be decoded."""
    pictures, sounds = PictureFingerprinter(), SoundFingerprinter()
    seen = heard = False
    for event in decode(source, sandbox, PassRequest(picture=picture, sound=sound), limits):
        if isinstance(event, AnalysisFrame | ProxyFrame):
            pictures.add(event)
            seen = True
        elif isinstance(event, SoundBlock):
            sounds.add(event)
            heard = True
    return Fingerprints(pictures.finish() if seen else None, sounds.finish() if heard else None)
