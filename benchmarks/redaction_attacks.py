"""What an attacker still learns from disguised voices, and how much of the words is left. One command:

    python benchmarks/redaction_attacks.py [--seconds S] [--out FILE.json]

The attacker is a speaker model out of a package (Resemblyzer: three recurrent layers, run here by NumPy; its
code and PyTorch are not needed). He enrols half of each speaker's utterances and is given the other half,
disguised; then the halves change places. Twice: enrolled as they were spoken (he does not know of the
disguise), and enrolled under a disguise of his own drawing (he knows the method). Equal error rate: 50 % is
ideal. Top-1: chance is one over the number of speakers. The intervals are of a bootstrap over the tests.

Beside it stands the share of words that a recogniser (PocketSphinx, which ships its English model) reads
otherwise than in the undisguised sound: unintelligible is not anonymous. Its own reading is far from perfect,
so this is no word error rate; the row "noise" shows what it makes of sound that is only a little worse.

    pip install --no-deps resemblyzer==0.1.4 pocketsphinx==5.1.1

What is missing is said, and left out. Faces under a solid fill have no attack here (the test data hold no
photos of people for it); tests/engines/redaction/test_attacks.py shows more: two films that differ only
under the masks give the same copy, byte for byte. What lies outside of a mask still tells.
"""

import argparse
import importlib
import importlib.util
import json
import math
import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from videtur.engines.redaction.voice import DISGUISE_RATE, treated

DATA = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
Sound = NDArray[np.int16]
Floats = NDArray[np.float64]
_MELS, _WINDOW, _STEP = 40, 400, 160
_PARTIAL, _EVERY = 160, 77


def read(path: Path, seconds: float) -> Sound:
    """Mono at 16 kHz."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("s16", "mono", DISGUISE_RATE)
        parts = [
            part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)
        ]
    return np.concatenate(parts)[: int(seconds * DISGUISE_RATE)].astype(np.int16)


def disguised(sound: Sound, number: int) -> Sound:
    seed = number.to_bytes(16, "big")
    return np.concatenate([piece for _, piece in treated([(0, sound)], (), "disguise", seed)])


def noisy(sound: Sound, number: int) -> Sound:
    """Noise 20 dB under the voice."""
    loud = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    noise = np.random.default_rng(number).normal(0, loud / 10, len(sound))
    return np.clip(sound + noise, -32768, 32767).astype(np.int16)


def _placed(storage: str, offset: int, size: tuple[int, ...], *_: object) -> tuple[str, int, tuple[int, ...]]:
    return storage, offset, size


def _passed_over(*_: object) -> None:
    return None


class _Weights(pickle.Unpickler):
    """Reads the old file form of PyTorch, and nothing else: numbers with their shapes."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if global_name == "OrderedDict":
            return OrderedDict
        if global_name == "_rebuild_tensor_v2":
            return _placed
        if global_name == "FloatStorage":
            return "float"
        if (module_name, global_name) in (("torch", "device"), ("collections", "dict")):
            return str
        return _passed_over  # the state of an optimiser, and the like

    def persistent_load(self, pid: Any, /) -> Any:
        return pid[2]


def weights(path: Path) -> dict[str, Floats]:
    """The layers of a speaker model by name."""
    with path.open("rb") as file:
        for _ in range(3):
            _Weights(file).load()
        state = _Weights(file).load()
        names = _Weights(file).load()
        storages: dict[str, NDArray[np.float32]] = {}
        for name in names:
            (count,) = np.frombuffer(file.read(8), "<i8")
            storages[name] = np.frombuffer(file.read(4 * int(count)), "<f4")
    model = cast("dict[str, tuple[str, int, tuple[int, ...]]]", state["model_state"])
    return {
        name: storages[key][at : at + math.prod(size)].reshape(size).astype(np.float64)
        for name, (key, at, size) in model.items()
    }


def _mel_filters() -> Floats:
    """Slaney's scale: linear to 1 kHz, then logarithmic; every triangle of the same area."""
    step = np.log(6.4) / 27

    def mel(hertz: float) -> float:
        return hertz * 3 / 200 if hertz < 1000 else 15 + np.log(hertz / 1000) / step

    points = np.linspace(0, mel(DISGUISE_RATE / 2), _MELS + 2)
    hertz = np.where(points < 15, points * 200 / 3, 1000 * np.exp(step * (points - 15)))
    bins = np.fft.rfftfreq(_WINDOW, 1 / DISGUISE_RATE)
    rising = (bins - hertz[:-2, None]) / np.diff(hertz)[:-1, None]
    falling = (hertz[2:, None] - bins) / np.diff(hertz)[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles * (2 / (hertz[2:] - hertz[:-2]))[:, None]


class Attacker:
    """Turns speech into a direction of 256 dimensions: the nearer two lie, the likelier one speaker."""

    def __init__(self, layers: dict[str, Floats]) -> None:
        self._layers = layers
        self._filters = _mel_filters()

    def __call__(self, sound: Sound) -> Floats:
        wave = sound / 32768
        loud = 10 * np.log10(np.mean(wave**2) + 1e-12)
        wave = wave * 10 ** (max(0.0, -30 - loud) / 20)
        padded = np.pad(wave, _WINDOW // 2)
        starts = np.arange((len(padded) - _WINDOW) // _STEP + 1) * _STEP
        window = np.hanning(_WINDOW + 1)[:_WINDOW]
        frames = padded[starts[:, None] + np.arange(_WINDOW)] * window
        mels = (np.abs(np.fft.rfft(frames)) ** 2) @ self._filters.T
        if len(mels) < _PARTIAL:
            mels = np.pad(mels, ((0, _PARTIAL - len(mels)), (0, 0)))
        parts = np.stack([mels[at : at + _PARTIAL] for at in range(0, len(mels) - _PARTIAL + 1, _EVERY)])
        return _unit(_unit(self._through(parts)).mean(axis=0))

    def _through(self, batch: Floats) -> Floats:
        last = np.zeros((len(batch), 256))
        for layer in range(3):
            inner, outer = (self._layers[f"lstm.weight_{each}_l{layer}"] for each in ("ih", "hh"))
            bias = self._layers[f"lstm.bias_ih_l{layer}"] + self._layers[f"lstm.bias_hh_l{layer}"]
            last, cell = np.zeros((len(batch), 256)), np.zeros((len(batch), 256))
            out: list[Floats] = []
            for step in range(batch.shape[1]):
                gates = batch[:, step] @ inner.T + last @ outer.T + bias
                enter, forget, new, leave = np.split(gates, 4, axis=1)
                cell = _squashed(forget) * cell + _squashed(enter) * np.tanh(new)
                last = _squashed(leave) * np.tanh(cell)
                out.append(last)
            batch = np.stack(out, axis=1)
        return np.maximum(0, last @ self._layers["linear.weight"].T + self._layers["linear.bias"])


def _squashed(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(values, -60, 60)))


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)


def equal_error(same: Floats, other: Floats) -> float:
    """Where as many of the same are refused as others are taken."""
    limits = np.sort(np.concatenate([same, other]))
    refused = np.searchsorted(np.sort(same), limits, "left") / len(same)
    taken = 1 - np.searchsorted(np.sort(other), limits, "left") / len(other)
    at = int(np.argmin(np.abs(refused - taken)))
    return float((refused[at] + taken[at]) / 2)


def attack(enrolled: list[list[Floats]], tested: list[list[Floats]]) -> dict[str, Any]:
    """Both halves of every speaker once enrolled, once tested."""
    rows: list[tuple[int, Floats]] = []
    for half in (0, 1):
        known = np.stack([_unit(np.mean(each[half::2], axis=0)) for each in enrolled])
        for speaker, each in enumerate(tested):
            rows += [(speaker, known @ one) for one in each[1 - half :: 2]]

    def rates(some: list[tuple[int, Floats]]) -> tuple[float, float]:
        same = np.array([scores[speaker] for speaker, scores in some])
        other = np.concatenate([np.delete(scores, speaker) for speaker, scores in some])
        top = np.mean([int(np.argmax(scores)) == speaker for speaker, scores in some])
        return equal_error(same, other), float(top)

    draws = np.random.default_rng(0)
    again = [rates([rows[at] for at in draws.integers(0, len(rows), len(rows))]) for _ in range(300)]
    low, high = np.percentile(np.array(again), [2.5, 97.5], axis=0)
    error, top = rates(rows)
    return {
        "tests": len(rows),
        "equal_error": round(error, 3),
        "equal_error_interval": [round(float(low[0]), 3), round(float(high[0]), 3)],
        "top_1": round(top, 3),
        "top_1_interval": [round(float(low[1]), 3), round(float(high[1]), 3)],
    }


def differing_words(one: list[str], two: list[str]) -> tuple[int, int]:
    """Words to change, add or take out, and of how many."""
    row = list(range(len(two) + 1))
    for at, word in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(two, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1], len(one)


def intelligible(sounds: list[Sound], changed: Callable[[Sound, int], Sound]) -> float:
    """The share of words read otherwise than in the sound as it was."""
    sphinx: Any = importlib.import_module("pocketsphinx")
    decoder = sphinx.Decoder(samprate=DISGUISE_RATE, loglevel="FATAL")

    def words(sound: Sound) -> list[str]:
        decoder.start_utt()
        decoder.process_raw(sound.tobytes(), full_utt=True)
        decoder.end_utt()
        said = decoder.hyp()
        return [] if said is None else str(said.hypstr).split()

    wrong = of = 0
    for number, sound in enumerate(sounds):
        more, count = differing_words(words(sound), words(changed(sound, 1000 + number)))
        wrong, of = wrong + more, of + count
    return round(wrong / max(1, of), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=6, help="of each utterance, at most")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    result: dict[str, Any] = {"seconds": given.seconds}
    speakers = [
        [read(path, given.seconds) for path in sorted(folder.glob("*.flac"))]
        for folder in sorted((DATA / "voices").iterdir())
        if folder.is_dir()
    ]
    result["speakers"], result["chance"] = len(speakers), round(1 / len(speakers), 3)
    found = importlib.util.find_spec("resemblyzer")
    if found is None or found.origin is None:
        print("No speaker attack: resemblyzer is not installed")
    else:
        hear = Attacker(weights(Path(found.origin).with_name("pretrained.pt")))
        numbers = [[100 * one + two for two in range(len(each))] for one, each in enumerate(speakers)]
        plain = [[hear(sound) for sound in each] for each in speakers]
        drawn, own = (
            [
                [hear(disguised(sound, more + number)) for sound, number in zip(each, some, strict=True)]
                for each, some in zip(speakers, numbers, strict=True)
            ]
            for more in (10_000, 20_000)
        )
        for name, enrolled, tested in (
            ("as spoken", plain, plain),
            ("disguised; he does not know", plain, drawn),
            ("disguised; he knows the method", own, drawn),
        ):
            result[name] = row = attack(enrolled, tested)
            print(
                f"{name:32} equal error {row['equal_error']:.1%} {row['equal_error_interval']}, "
                f"top-1 {row['top_1']:.1%} {row['top_1_interval']} (chance {result['chance']:.0%})"
            )
    if importlib.util.find_spec("pocketsphinx") is None:
        print("No words: pocketsphinx is not installed")
    else:
        some = [sound for each in speakers for sound in each[:3]]
        result["words_read_otherwise"] = {
            "noise 20 dB under": intelligible(some, noisy),
            "disguised": intelligible(some, disguised),
        }
        print(f"words read otherwise: {result['words_read_otherwise']}")
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
