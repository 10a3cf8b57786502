"""Descriptors by a real ONNX graph: what is described, how it is stored, found, ranked, and never decided."""

import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engines.copies.attacks import ATTACKS, make, read_part
from tests.engines.copies.films import BASE, Frame, drawn, fingerprint
from tests.engines.copies.onnx_graphs import DIMENSION, write_descriptor
from videtur.engines.copies import descriptor_match
from videtur.engines.copies.descriptor import Descriptors, PictureDescriber, View
from videtur.engines.copies.descriptor_background import drawn_pictures
from videtur.engines.copies.descriptor_match import DescriptorFinder, fused
from videtur.engines.copies.descriptor_model import BACKGROUND, DECLARATION, DescriptorModel
from videtur.engines.copies.fingerprint import Fingerprints, FingerprintUnreadable
from videtur.engines.copies.index import CopyIndex
from videtur.engines.copies.reading import fingerprints_of
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.media.timecode import MediaTime
from videtur.errors import WrongUsage

Picture = NDArray[np.uint8]
REAL_MODEL = "VIDETUR_TEST_DESCRIPTOR"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> DescriptorModel:
    folder = tmp_path_factory.mktemp("model")
    return DescriptorModel(write_descriptor(folder / "cells.onnx"), sha256="a" * 64)


def scene(number: int, size: tuple[int, int] = (320, 180)) -> Picture:
    """A picture like no other: large cells of colour."""
    cells = np.random.default_rng(number).integers(0, 255, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def film(*numbers: int, each: float = 2.0) -> list[tuple[float, Picture]]:
    """One scene after another, two pictures a second."""
    count = int(each * 2)
    return [(index / 2, scene(numbers[index // count])) for index in range(len(numbers) * count)]


def described(pictures: list[tuple[float, Picture]], model: DescriptorModel) -> Descriptors:
    describer = PictureDescriber(model, model.sha256)
    for seconds, picture in pictures:
        describer.add(Frame(MediaTime(round(seconds * 600), BASE), picture))
    return describer.finish()


def inset(picture: Picture, around: Picture) -> Picture:
    canvas = around.copy()
    height, width = around.shape[0] // 2, around.shape[1] // 2
    canvas[:height, width:] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return canvas


def test_bytes_and_floats_declared_rightly_give_the_same_descriptor(
    model: DescriptorModel, tmp_path: Path
) -> None:
    write_descriptor(tmp_path / "floats.onnx", floats=True)
    declaration = tmp_path / DECLARATION
    lines = '[descriptor]\nfile = "floats.onnx"\nscale = 255.0\nmean = [0.4, 0.4, 0.4]\n'
    declaration.write_text(lines + "deviation = [0.2, 0.2, 0.2]\n")
    other = DescriptorModel(tmp_path, sha256="b")
    pictures = [scene(1), scene(2, (200, 300))]
    mine, theirs = model(pictures), other(pictures)
    assert mine.shape == (2, DIMENSION)
    assert np.linalg.norm(mine, axis=1) == pytest.approx([1, 1])
    assert np.abs(mine - theirs).max() < 1e-4
    declaration.write_text(lines + 'deviation = [0.2, 0.2, 0.2]\ncolours = "BGR"\n')
    assert np.abs(DescriptorModel(tmp_path, sha256="c")(pictures) - mine).max() > 0.05
    assert "CPUExecutionProvider" in model.providers


def test_a_graph_of_any_size_gets_the_pictures_as_they_are(tmp_path: Path) -> None:
    graph = write_descriptor(tmp_path / "any.onnx", any_size=True)
    with pytest.raises(WrongUsage, match="no picture descriptor as declared"):
        DescriptorModel(graph, sha256="a")  # this one gives other lengths for other sizes
    (tmp_path / DECLARATION).write_text('[descriptor]\nfile = "any.onnx"\nsize = [64, 64]\n')
    assert DescriptorModel(tmp_path, sha256="a").declaration.size == (64, 64)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ('layout = "NCHW"', "not NCHW"),
        ('type = "float32"', "takes uint8"),
        ("size = [32, 32]", "should be"),
        ("dimension = 512", "no picture descriptor as declared"),
        ('input = "other"', "inputs image"),
        ('colour = "RGB"', "no such entry: colour"),
        ('file = "../cells.onnx"', "outside"),
        ('colours = "grey"', "RGB or BGR"),
        ("mean = 3", "should be"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_declaration_that_the_graph_contradicts_is_refused(
    tmp_path: Path, declared: str, said: str
) -> None:
    write_descriptor(tmp_path / "cells.onnx")
    (tmp_path / DECLARATION).write_text(f"[descriptor]\n{declared}\n")
    with pytest.raises(WrongUsage) as problem:
        DescriptorModel(tmp_path, sha256="a")
    assert said in problem.value.explain()


def test_what_is_no_graph_or_says_too_little_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="does not say which"):
        DescriptorModel(tmp_path, sha256="a")
    graph = write_descriptor(tmp_path / "floats.onnx", floats=True)
    with pytest.raises(WrongUsage) as problem:
        DescriptorModel(graph, sha256="a")
    assert "deviation = [r, g, b]" in problem.value.explain()
    graph.write_bytes(b"no graph at all")
    with pytest.raises(WrongUsage) as problem:
        DescriptorModel(graph, sha256="a")
    assert "\n" not in problem.value.explain()


def test_the_background_is_drawn_the_same_each_time_or_taken_from_the_folder(tmp_path: Path) -> None:
    first, again = list(drawn_pictures()), list(drawn_pictures())
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert len({picture.tobytes() for picture in first}) == len(first) == 96
    write_descriptor(tmp_path / "cells.onnx")
    own = np.random.default_rng(1).normal(0, 1, (30, DIMENSION))
    np.save(tmp_path / BACKGROUND, own)
    rows = DescriptorModel(tmp_path, sha256="a").background
    assert np.abs(rows - own / np.linalg.norm(own, axis=1, keepdims=True)).max() < 1e-6
    np.save(tmp_path / BACKGROUND, own[:, :5])
    with pytest.raises(WrongUsage, match="does not fit"):
        _ = DescriptorModel(tmp_path, sha256="a").background


def test_what_does_not_change_is_said_once_and_blackness_not_at_all(model: DescriptorModel) -> None:
    still = described(film(1, each=9.0), model)
    assert len(still.rows_of([View.WHOLE])) == 1
    changing = described(film(1, 2, 3), model)
    assert changing.seconds[changing.rows_of([View.WHOLE])].tolist() == [0.0, 2.0, 4.0]
    assert set(changing.views.tolist()) == {int(view) for view in View} - {int(View.TRIMMED)}
    black = [(index / 2, np.zeros((180, 320, 3), np.uint8)) for index in range(8)]
    assert len(described(black, model).pts) == 0


def test_after_ten_seconds_one_picture_a_second_and_fewer_in_all_views(model: DescriptorModel) -> None:
    long = described(film(*range(60), each=1.0), model)
    whole = long.seconds[long.rows_of([View.WHOLE])]
    assert len(whole) == 60
    assert len(long.rows_of([View.MIRROR])) < 36
    fast = [(index / 2, scene(index)) for index in range(80)]
    found = described(fast, model)
    seen = found.seconds[found.rows_of([View.WHOLE])]
    assert np.diff(seen[seen < 10]).max() == pytest.approx(0.5)
    assert np.diff(seen[seen > 11]).min() == pytest.approx(1.0)


def test_the_stored_form_comes_back_and_damage_is_told(model: DescriptorModel) -> None:
    one = described(film(1, 2), model)
    data = one.to_bytes()
    back = Descriptors.from_bytes(data)
    assert back.to_bytes() == data
    assert (back.model, back.time_base) == (model.sha256, BASE)
    assert np.array_equal(back.vectors, one.vectors)
    assert described(film(1, 2), model).to_bytes() == data
    empty = described([], model)
    assert Descriptors.from_bytes(empty.to_bytes()).to_bytes() == empty.to_bytes()
    for broken in (data[:-1], data + b"x", b"videtur-picture\x01" + data[17:], b"", data[:40]):
        with pytest.raises(FingerprintUnreadable):
            Descriptors.from_bytes(broken)


def test_an_inset_a_mirror_and_bars_are_found_by_their_views_and_strangers_are_not(
    model: DescriptorModel,
) -> None:
    finder = DescriptorFinder(model.sha256, model.background)
    finder.add(0, described(film(1, 2, 3), model))
    finder.add(1, described(film(4, 5, 6), model))
    changed = {
        View.TOP_RIGHT: [(t, inset(picture, scene(77))) for t, picture in film(2)],
        View.MIRROR: [(t, np.ascontiguousarray(picture[:, ::-1])) for t, picture in film(2)],
        View.TRIMMED: [(t, np.pad(picture, ((60, 60), (0, 0), (0, 0)))) for t, picture in film(2)],
        View.HALF_TURN: [(t, np.ascontiguousarray(picture[::-1, ::-1])) for t, picture in film(2)],
    }
    for view, pictures in changed.items():
        query = described(pictures, model)
        strengths = finder.find(query, 3)
        assert strengths[0] > 0.8, view
        assert strengths[1:].max() < 0.5, view
        best = finder.moments(query, 0)[0]
        assert (best.query_view, best.query_seconds, best.reference_seconds) == (view, 0.0, 2.0)
    # The other way round: the film in the index is the one that shows the query within itself.
    finder.add(2, described(changed[View.TOP_RIGHT], model))
    assert finder.find(described(film(2), model), 3)[2] > 0.8


def test_films_leave_the_finder_and_other_models_never_enter(
    model: DescriptorModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = [described(film(number, number + 1), model) for number in range(0, 20, 2)]
    finder = DescriptorFinder(model.sha256, model.background)
    for number, each in enumerate(films):
        finder.add(number, each)
    finder.add(3, films[3])
    assert len(finder) == 10
    whole = finder.find(films[3], 10)
    assert whole.argmax() == 3
    assert whole[3] == pytest.approx(1, abs=0.01)
    monkeypatch.setattr(descriptor_match, "_ROWS_AT_ONCE", 1)
    in_pieces = DescriptorFinder(model.sha256, model.background)
    for number, each in enumerate(films):
        in_pieces.add(number, each)
    assert in_pieces.find(films[3], 10) == pytest.approx(whole, abs=1e-5)
    finder.remove(3)
    finder.remove(3)
    assert finder.find(films[3], 10)[3] == 0
    assert finder.moments(films[3], 3) == ()
    strange = Descriptors("b" * 64, films[3].time_base, films[3].pts, films[3].views, films[3].vectors)
    finder.add(3, strange)
    assert len(finder) == 9
    assert not finder.find(strange, 10).any()


def test_what_two_bare_walls_share_counts_for_less_than_it_seems(model: DescriptorModel) -> None:
    """What a picture reaches with anything is counted off, and a wall reaches much with every wall."""
    rows, columns = np.mgrid[0:180, 0:320]
    walls = [60 + 0.4 * columns, 60 + 0.36 * columns + 0.2 * rows]
    noise = np.random.default_rng(1).normal(0, 4, (180, 320))
    shown = [np.repeat((wall + noise)[..., None], 3, axis=2).clip(0, 255).astype(np.uint8) for wall in walls]
    one, other = (described([(0.0, picture)], model) for picture in shown)
    finder = DescriptorFinder(model.sha256, model.background)
    finder.add(0, other)
    blind = DescriptorFinder(model.sha256, np.zeros((20, DIMENSION), np.float32))
    blind.add(0, other)
    assert blind.find(one, 1)[0] > 0.9
    assert finder.find(one, 1)[0] < blind.find(one, 1)[0] - 0.25


@given(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1), st.floats(0, 1))
def test_a_model_orders_and_never_decides(score: int, other: int, strength: float, more: float) -> None:
    low, high = sorted((Decimal(score).scaleb(-3), Decimal(other).scaleb(-3)))
    weak, strong = sorted((strength, more))
    half = Decimal("0.5")
    assert (fused(low, strong) >= half) is (low >= half)
    assert low <= fused(low, weak) <= fused(low, strong) <= 1
    assert fused(low, strong) <= fused(high, strong)
    assert fused(low, 0.0) == low


def test_a_like_pair_below_half_gains_rank() -> None:
    assert fused(Decimal("0.1"), 0.8) > fused(Decimal("0.3"), 0.1)
    assert fused(Decimal(0), 0.9) > Decimal("0.39")


def test_among_pairs_that_a_model_holds_alike_motion_keeps_the_order() -> None:
    """Another take of a room is as alike as a copy, or more so than one that was cropped."""
    assert fused(Decimal("0.35"), 0.5) > fused(Decimal("0.15"), 0.95)


def test_through_the_index_another_take_is_raised_but_stays_another_take(model: DescriptorModel) -> None:
    def read(take: int) -> Fingerprints:
        pictures = drawn(take, 6)
        colour = [(t, np.repeat(picture[..., None], 3, axis=2)) for t, picture in pictures[::7]]
        return Fingerprints(fingerprint(pictures), None, described(colour, model))

    plain, helped = CopyIndex(), CopyIndex(descriptors=DescriptorFinder(model.sha256, model.background))
    for index in (plain, helped):
        index.add("itself", read(1))
        index.add("another take", read(2))
    query = read(1)
    before = {shared.name: shared.relations[0] for shared in plain.search(query)}
    after = {shared.name: shared.relations[0] for shared in helped.search(query)}
    assert after["itself"].accepted
    assert not after["another take"].accepted
    assert after["another take"].score < Decimal("0.5")
    if "another take" in before:
        assert after["another take"].score >= before["another take"].score
    assert any("a model finds" in reason for reason in after["another take"].reasons)
    assert all("a model" not in reason for relation in before.values() for reason in relation.reasons)


@pytest.fixture(scope="module")
def real_model() -> DescriptorModel:
    named = os.environ.get(REAL_MODEL)
    if not named:
        pytest.skip(f"no picture descriptor: set {REAL_MODEL} to its .onnx file or folder")
    return DescriptorModel(Path(named), sha256="real")


@pytest.mark.slow
@pytest.mark.parametrize("attack", ["picture in picture", "mirror, crop, text", "filmed screen", "turned 90"])
def test_a_real_model_finds_what_hashes_do_not(
    real_model: DescriptorModel, clips: Path, tmp_path: Path, attack: str
) -> None:
    names = ["bigbuckbunny.mp4", "04_coffee.mp4", "doorknob-hd-no-bar.mp4", "earth-at-night.avi"]
    finder = DescriptorFinder(real_model.sha256, real_model.background)
    host = read_part(clips / "short-video.mp4", 0, 3)
    make(read_part(clips / names[0], 0.8, 4.8), ATTACKS[attack], 5, tmp_path / "copy.mp4", host)
    with DecodingSandbox() as sandbox:
        for number, name in enumerate(names):
            with (clips / name).open("rb") as source:
                read = fingerprints_of(source, sandbox, sound=False, model=real_model)
            assert read.descriptors is not None
            finder.add(number, read.descriptors)
        with (tmp_path / "copy.mp4").open("rb") as source:
            query = fingerprints_of(source, sandbox, sound=False, model=real_model).descriptors
    assert query is not None
    assert query.time_base > Fraction(0)
    strengths = finder.find(query, len(names))
    assert strengths[0] > 0.4
    assert strengths[1:].max() < 0.35
