"""Fingerprints of a file on its own: one sandboxed decode pass that feeds nothing else."""

from typing import BinaryIO

from videtur.engines.copies.descriptor import PictureDescriber
from videtur.engines.copies.descriptor_model import DescriptorModel
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
    model: DescriptorModel | None = None,
) -> Fingerprints:
    """Decode a file once and fingerprint it; with a `model`, describe its pictures too.

    Raises Refused when nothing in it can be decoded.
    """
    describer = PictureDescriber(model, model.sha256) if model is not None else None
    pictures, sounds = PictureFingerprinter(), SoundFingerprinter()
    seen = heard = False
    for event in decode(source, sandbox, PassRequest(picture=picture, sound=sound), limits):
        if isinstance(event, AnalysisFrame | ProxyFrame):
            pictures.add(event)
            seen = True
            if describer is not None:
                describer.add(event)
        elif isinstance(event, SoundBlock):
            sounds.add(event)
            heard = True
    return Fingerprints(
        pictures.finish() if seen else None,
        sounds.finish() if heard else None,
        describer.finish() if describer is not None and seen else None,
    )
