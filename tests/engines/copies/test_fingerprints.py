"""Fingerprints: stored and read back the same, refused when they are not ours, independent of how fed."""

import dataclasses

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.copies.films import drawn, fingerprint, melody, sound_fingerprint
from videtur.engines.copies.fingerprint import FingerprintUnreadable, PictureFingerprint, SoundFingerprint
from videtur.engines.copies.hashing import content_box, distances, mirrored, picture_hash
from videtur.engines.copies.picture import PictureFingerprinter
from videtur.engines.copies.proxy import PROXY_SIDE
from videtur.engines.copies.sound import SoundFingerprinter


@settings(max_examples=12, deadline=None)
@given(take=st.integers(0, 50), length=st.floats(0.1, 4.0), first=st.floats(-5.0, 1000.0))
def test_a_picture_fingerprint_survives_storing(take: int, length: float, first: float) -> None:
    made = fingerprint(drawn(take, length, first=first))
    stored = made.to_bytes()
    back = PictureFingerprint.from_bytes(stored)
    assert back.to_bytes() == stored
    assert back.pts.tolist() == made.pts.tolist()
    assert (back.size, back.content, len(back.stills)) == (made.size, made.content, len(made.stills))
    assert back.proxy.pieces == made.proxy.pieces
    assert back.proxy.pts.tolist() == made.proxy.pts.tolist()


def test_the_same_pictures_give_the_same_bytes() -> None:
    assert fingerprint(drawn(3, 2)).to_bytes() == fingerprint(drawn(3, 2)).to_bytes()


def test_nothing_seen_or_heard_can_be_stored_too() -> None:
    picture, sound = PictureFingerprinter().finish(), SoundFingerprinter().finish()
    assert PictureFingerprint.from_bytes(picture.to_bytes()).to_bytes() == picture.to_bytes()
    assert SoundFingerprint.from_bytes(sound.to_bytes()).to_bytes() == sound.to_bytes()


@pytest.mark.parametrize("spoil", ["version", "short", "long", "header", "kind"])
def test_bytes_that_are_not_ours_are_refused_in_one_line(spoil: str) -> None:
    good = fingerprint(drawn(1, 1)).to_bytes()
    bad = {
        "version": good[:15] + b"\x01" + good[16:],
        "short": good[:-1],
        "long": good + b"\x00",
        "header": good[:24] + b"\xff" + good[25:],
        "kind": sound_fingerprint(melody(1, 2)).to_bytes(),
    }[spoil]
    with pytest.raises(FingerprintUnreadable) as refused:
        PictureFingerprint.from_bytes(bad)
    assert "\n" not in refused.value.explain()


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    for magic in (b"", b"videtur-picture\x01", b"videtur-sound\x00\x00\x01"):
        for kind in (PictureFingerprint, SoundFingerprint):
            with pytest.raises(FingerprintUnreadable):
                kind.from_bytes(magic + noise)


def test_the_proxy_keeps_the_picture_to_a_few_grey_levels_in_pieces_read_apart() -> None:
    pictures = drawn(4, 3)
    proxy = fingerprint(pictures).proxy
    assert max(proxy.shape) == PROXY_SIDE
    for (_, wanted), got in zip(pictures, proxy.piece(0), strict=True):
        half = cv2.resize(wanted, (160, 90), interpolation=cv2.INTER_AREA)
        small = cv2.resize(half, (got.shape[1], got.shape[0]), interpolation=cv2.INTER_AREA)
        assert np.abs(small.astype(int) - got.astype(int)).mean() <= 4
    long = fingerprint(drawn(4, 12)).proxy
    assert [len(long.piece(number)) for number in range(len(long.pieces))] == [150, len(long.pts) - 150]


def test_a_damaged_proxy_is_refused_and_never_read_as_another() -> None:
    proxy = fingerprint(drawn(4, 2)).proxy
    for piece in (b"", proxy.pieces[0][: len(proxy.pieces[0]) // 3], proxy.pieces[0] * 2):
        with pytest.raises(ValueError, match="motion proxy"):
            dataclasses.replace(proxy, pieces=(piece,)).piece(0)


@settings(max_examples=8, deadline=None)
@given(block=st.integers(100, 40_000))
def test_sound_landmarks_do_not_depend_on_the_blocks(block: int) -> None:
    samples = melody(2, 9)
    assert sound_fingerprint(samples, block).to_bytes() == sound_fingerprint(samples).to_bytes()


def test_a_hole_in_the_sound_is_silence() -> None:
    samples = melody(5, 4)
    taker = SoundFingerprinter()
    from fractions import Fraction

    from tests.engines.copies.films import Block
    from videtur.engines.media.timecode import MediaTime

    taker.add(Block(MediaTime(0, Fraction(1, 16000)), samples))
    taker.add(Block(MediaTime(len(samples) + 32_000, Fraction(1, 16000)), samples))
    gapped = taker.finish()
    filled = sound_fingerprint(np.concatenate([samples, np.zeros(32_000, np.int16), samples]))
    assert gapped.to_bytes() == filled.to_bytes()


def test_a_mirrored_hash_is_that_of_the_mirrored_picture() -> None:
    for take in range(6):
        picture = drawn(take, 0.1, scene=take)[0][1]
        plain, _ = picture_hash(picture)
        turned, _ = picture_hash(np.ascontiguousarray(picture[:, ::-1]))
        # Not to the bit: the median of the coefficients is near zero, not zero.
        assert distances(mirrored(plain[None]), turned[None])[0, 0] <= 24
        assert distances(plain[None], turned[None])[0, 0] > 60


def test_borders_are_cut_off_and_dark_frames_do_not_shrink_the_picture() -> None:
    barred = [(time, np.pad(picture, ((30, 30), (0, 0)))) for time, picture in drawn(2, 3)]
    assert content_box(barred[0][1]) == (0, 30, 320, 210)
    made = fingerprint([(time, picture) for time, picture in barred])
    assert made.trimmed
    bare = fingerprint(drawn(2, 3))
    assert not bare.trimmed
    assert np.diag(distances(made.trimmed_hashes, bare.hashes)).max() <= 16
    dark = [(time - 1, np.zeros_like(picture)) for time, picture in drawn(2, 1)]
    assert not fingerprint(dark + drawn(2, 3)).trimmed


def test_a_fingerprint_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        fingerprint(drawn(1, 1)).size = (1, 1)  # pyright: ignore[reportAttributeAccessIssue] -- the point of the test
