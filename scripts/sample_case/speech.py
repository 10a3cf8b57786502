"""Speech for the stand-in films: the espeak-ng library from its wheel, called through its C interface."""

import ctypes
from functools import cache
from typing import Any

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

_SYNCHRONOUS_RETRIEVAL = 2
_UTF8 = 1
_SampleCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
    data = str(espeakng_loader.get_data_path()).encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS_RETRIEVAL, 0, data, 0)
    if rate <= 0:
        raise RuntimeError("the espeak-ng library of the wheel did not start")
    return library, rate


def speak(text: str, language: str) -> tuple[NDArray[np.int16], int]:
    """Mono samples of `text` read aloud ("ru", "uk", "en"), and their rate in Hz."""
    library, rate = _library()
    pieces: list[NDArray[np.int16]] = []

    def collect(samples: Any, count: int, _events: int) -> int:
        if samples and count > 0:
            pieces.append(np.ctypeslib.as_array(samples, shape=(count,)).astype(np.int16))
        return 0

    callback = _SampleCallback(collect)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(language.encode()) != 0:
        raise RuntimeError(f"espeak-ng has no voice for {language}")
    encoded = text.encode() + b"\0"
    library.espeak_Synth(encoded, len(encoded), 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return (np.concatenate(pieces) if pieces else np.zeros(0, np.int16)), rate
