"""The index of quick signs: every change of a picture points to its film, and nothing is lost by joining."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.engines.copies.films import melody, sound_fingerprint
from tests.engines.copies.galleries import Picture, film, film_of, inset, scene, tilted, whole
from videtur.engines.copies import hash_rows, segment
from videtur.engines.copies.film import Film
from videtur.engines.copies.fingerprint import Fingerprints
from videtur.engines.copies.hash_rows import ListedRows, nearest_exact
from videtur.engines.copies.hash_views import asked
from videtur.engines.copies.hashing import distances, picture_hash
from videtur.engines.copies.index import CopyIndex, worth_comparing
from videtur.engines.copies.point_signs import Variant, codes_of, query_points
from videtur.engines.copies.retrieval import Gallery, interleaved
from videtur.engines.copies.segment import Segment, signs_of

FILMS = 40
WANTED = 7
CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda picture: picture,
    "mirrored": lambda picture: whole(picture[:, ::-1]),
    "quarter turn": lambda picture: whole(np.rot90(picture)),
    "half turn": lambda picture: whole(np.rot90(picture, 2)),
    "negative": lambda picture: np.asarray(255 - picture, np.uint8),
    "negative mirrored": lambda picture: whole(255 - picture[:, ::-1]),
    "three fifths cut out": lambda picture: whole(picture[40:148, 100:292]),
    "upright cut": lambda picture: whole(picture[:, 150:252]),
    "inset of a third": lambda picture: inset(picture, scene(77), 0.34),
    "filmed off a screen": tilted,
    "soft": lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.5), np.uint8),
    "half covered": lambda picture: whole(np.where(np.arange(180)[:, None] < 90, scene(78), picture)),
}


@pytest.fixture(scope="module")
def index() -> CopyIndex:
    made = CopyIndex()
    for number in range(FILMS):
        made.add(f"film {number}", film(number))
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_points_to_its_film_before_all_others(index: CopyIndex, change: str) -> None:
    query = film_of([CHANGES[change](scene(1000 * WANTED))])
    assert index.candidates(query).by_picture[0] == f"film {WANTED}"


def test_a_film_that_is_not_there_points_to_next_to_nothing(index: CopyIndex) -> None:
    assert len(index.candidates(film(991)).by_picture) <= 4


def test_what_is_left_out_takes_no_other_films_place(index: CopyIndex) -> None:
    query = film(WANTED)
    assert index.candidates(query, most=1).by_picture == (f"film {WANTED}",)
    assert f"film {WANTED}" not in index.candidates(query, leave_out={f"film {WANTED}", "unknown"}).by_picture


@pytest.mark.parametrize("change", ["mirrored", "quarter turn", "half turn", "negative", "negative mirrored"])
def test_the_hash_of_a_turned_picture_follows_from_the_hash(change: str) -> None:
    picture = film(3).picture
    assert picture is not None
    changed, _ = picture_hash(CHANGES[change](scene(3000)))
    near = distances(asked(picture).hashes, changed[None]).min()
    assert near <= 12


@pytest.mark.parametrize(
    ("variant", "change"),
    [
        (Variant.MIRROR, "mirrored"),
        (Variant.NEGATIVE, "negative"),
        (Variant.NEGATIVE_MIRROR, "negative mirrored"),
    ],
)
def test_points_of_a_mirrored_or_negative_picture_follow_from_the_points(
    variant: Variant, change: str
) -> None:
    plain, changed = film_of([scene(1)]).picture, film_of([CHANGES[change](scene(1))]).picture
    assert plain is not None
    assert changed is not None
    foretold, seen = query_points(Film(plain), 1, 150).seen(variant), query_points(Film(changed), 1, 150)
    bits = np.bitwise_count(codes_of(foretold.values)[:, None] ^ codes_of(seen.values)[None])
    nearest = bits.argmin(axis=1)
    alike = bits.min(axis=1) <= 8
    assert alike.mean() > 0.5
    assert np.median(np.abs(foretold.places - seen.places[nearest])[alike]) < 0.01
    turn = (foretold.angles - seen.angles[nearest] + 0.5) % 1 - 0.5
    assert np.median(np.abs(turn[alike])) < 0.01


def test_a_fixed_camera_is_kept_once() -> None:
    once, thrice = film_of([scene(5)]), film_of([scene(5)] * 30)
    one, many = signs_of(once, None), signs_of(thrice, None)
    assert len(many.hashes) == len(one.hashes) == 1
    assert len(many.codes) < 1.2 * len(one.codes)


def test_a_film_taken_out_is_found_no_more_and_can_come_back() -> None:
    index = CopyIndex()
    for number in range(6):
        index.add(f"film {number}", film(number))
    assert index.candidates(film(2)).by_picture[0] == "film 2"
    for name in ("film 2", "film 2", "film 3"):
        index.remove(name)
    assert "film 2" not in index.candidates(film(2)).by_picture
    assert (len(index), "film 2" in index, "film 1" in index) == (4, False, True)
    index.add("film 2", film(2))
    assert index.candidates(film(2)).by_picture[0] == "film 2"
    assert index.candidates(film(5)).by_picture[0] == "film 5"


def test_everything_taken_out_leaves_an_index_that_works() -> None:
    index = CopyIndex()
    index.add("one", film(1))
    index.remove("one")
    assert index.candidates(film(1)).by_picture == ()
    assert index.search(film(1)) == ()


@pytest.mark.parametrize(
    ("strengths", "kept"),
    [
        ([40.0, 12.0, 9.0, 0.0], [40.0, 12.0, 0.0, 0.0]),
        ([14.0, 12.0, 9.0, 8.0], [14.0, 12.0, 9.0, 0.0]),
        ([40.0, 30.0, 20.0, 19.0], [40.0, 30.0, 20.0, 19.0]),
        ([4.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_little_that_is_weak_is_compared_beside_what_is_clear(
    strengths: list[float], kept: list[float]
) -> None:
    assert worth_comparing(np.array(strengths), 18.0, 5.0).tolist() == kept


def logo(picture: Picture) -> Picture:
    laid = picture.copy()
    laid[10:60, 220:310] = scene(77777, 50, 90)
    return laid


def test_a_logo_in_common_makes_no_candidate_and_what_is_under_it_does() -> None:
    gallery = Gallery()
    for number in range(6):
        gallery.add(str(number), signs_of(film_of([logo(scene(100 * number + i)) for i in range(5)]), None))
    stranger = film_of([logo(scene(9000 + i)) for i in range(5)]).picture
    copy = film_of([logo(scene(200 + i)) for i in range(5)]).picture
    assert stranger is not None
    assert copy is not None
    assert gallery.by_points(Film(stranger)).max() < 10  # 36 when the logo is asked for
    strengths = gallery.by_points(Film(copy))
    assert strengths.argmax() == 2
    assert strengths[2] > 100


def test_a_fixed_camera_keeps_its_points() -> None:
    def shown(seed: int) -> Picture:
        picture = scene(5)
        picture[40:150, 40:150] = scene(seed)[40:150, 40:150]
        return picture

    fixed = film_of([shown(100 + step) for step in range(6)]).picture
    assert fixed is not None
    assert len(fixed.stills) > 3
    assert len(query_points(Film(fixed), 4, 200)) == 4 * 200


def test_how_films_arrive_changes_nothing() -> None:
    """Searched after each arrival there are many segments to join; at once there is one."""
    at_once, one_by_one = Gallery(), Gallery()
    query = film_of([CHANGES["mirrored"](scene(4000))]).picture
    assert query is not None
    for number in range(9):
        signs = signs_of(film(number), None)
        at_once.add(str(number), signs)
        one_by_one.add(str(number), signs)
        one_by_one.by_hashes(query)
    assert len(one_by_one.segments()) > len(at_once.segments()) == 1
    assert np.array_equal(at_once.by_hashes(query), one_by_one.by_hashes(query))
    assert at_once.by_hashes(query).argmax() == one_by_one.by_points(Film(query)).argmax() == 4


def test_columns_give_the_segment_back() -> None:
    films = [(str(number), signs_of(film(number), None)) for number in range(5)]
    made = Segment.of(films)
    again = Segment.from_columns(made.names, made.columns(), None)
    query = film(3).picture
    assert query is not None
    strengths: list[np.ndarray] = []
    for each in (made, again):
        gallery = Gallery()
        gallery.hold(each, "file")
        strengths += [gallery.by_hashes(query), gallery.by_points(Film(query))]
    assert np.array_equal(strengths[0], strengths[2])
    assert np.array_equal(strengths[1], strengths[3])
    assert strengths[1].argmax() == 3


def test_a_sound_is_met_again_from_what_is_kept_of_it() -> None:
    index = CopyIndex()
    for seed in range(5):
        index.add(str(seed), Fingerprints(sound=sound_fingerprint(melody(seed, 20))))
    query = Fingerprints(sound=sound_fingerprint(melody(3, 20)[64000:192000]))
    assert index.candidates(query).by_sound[0] == "3"
    index.remove("3")
    assert "3" not in index.candidates(query).by_sound


def test_lists_find_nearly_all_that_is_near_and_never_say_a_wrong_distance() -> None:
    draw = np.random.default_rng(1)
    starts = draw.integers(0, 256, (1500, 1, 32), dtype=np.uint8)
    near = np.packbits(draw.random((1500, 20, 256)) < 0.06, axis=2)
    rows = (starts ^ near).reshape(-1, 32)
    wanted = draw.integers(0, len(rows), 300)
    query = rows[wanted] ^ np.packbits(draw.random((300, 256)) < 0.08, axis=1)
    lists = ListedRows.build(rows)
    bits, found = lists.nearest(query)
    there = found >= 0
    asking = np.broadcast_to(np.arange(300)[:, None], found.shape)[there]
    true = np.bitwise_count(query[asking] ^ rows[found[there]]).sum(axis=1)
    assert np.array_equal(true, bits[there])
    exact_bits, exact = nearest_exact(query, rows)
    assert (exact[:, :20] == wanted[:, None]).any(axis=1).mean() > 0.98
    assert (found == wanted[:, None]).any(axis=1).mean() > 0.93
    assert np.mean(bits[:, 0] == exact_bits[:, 0]) > 0.93


def test_a_segment_of_many_hashes_is_searched_by_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "EXACT_ROWS", 60)
    gallery = Gallery()
    for number in range(40):
        gallery.add(str(number), signs_of(film(number), None))
    query = film(11).picture
    assert query is not None
    assert gallery.by_hashes(query).argmax() == 11
    ((made, _, _),) = gallery.segments()
    assert made.listed is not None
    assert len(made.listed) == len(made.hashes.rows)
    assert hash_rows.EXACT_ROWS == 1_000_000


def test_candidates_come_from_every_ranking_in_turn() -> None:
    rankings = [np.array([0, 9, 8, 7, 0.0]), np.array([1, 0, 0, 2, 0.0])]
    assert interleaved(rankings, 3) == [1, 3, 2]
    assert interleaved(rankings, 9) == [1, 3, 2, 0]
    assert interleaved([], 5) == []
