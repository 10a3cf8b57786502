"""Retrieval by sound: which of thousands of sounds are worth comparing in full."""

import numpy as np
from numpy.typing import NDArray

from videtur.engines.copies.sound_landmarks import Landmarks
from videtur.engines.copies.sound_match import Sound
from videtur.engines.copies.sound_texture import PACES


class SoundFinder:
    """Pairs of peaks that recur at one offset; it points at candidates and decides nothing."""

    def __init__(self) -> None:
        self._landmarks = Landmarks()

    def add(self, film: int, sound: Sound) -> None:
        """Keep the pairs of a sound."""
        self._landmarks.add(film, sound.pairs)

    def find(self, sound: Sound, films: int) -> NDArray[np.float64]:
        """The greatest number of moments that recur at one offset and pace, for each film."""
        return self._landmarks.find(sound.pairs, films, PACES) if films else np.zeros(0)
