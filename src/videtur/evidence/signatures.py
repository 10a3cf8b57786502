"""Is this media at all? A glance at the first bytes, before anything is decoded.

The glance only keeps out what plainly is something else. Whatever could be damaged media is kept: the
damage is evidence, and the examination reports it.
"""

import re
from dataclasses import dataclass

HEAD_SIZE = 64 << 10

_MEDIA_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"OggS",
    b"fLaC",
    b"ID3",
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF: WMV, WMA
    b".RMF",
    b"\x06\x0e\x2b\x34",  # MXF
    b"\x1f\x07\x00",  # DV
    b"#!AMR",
    b"caff",
    b".snd",
    b"DKIF",
    b"YUV4MPEG2",
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"\x00\x00\x00\x01\x67",  # H.264
    b"\x00\x00\x01\x67",
    b"\x00\x00\x00\x01\x40\x01",  # H.265
    b"\x0b\x77",  # AC-3
)
_BOXES = frozenset(
    {
        b"ftyp",
        b"moov",
        b"mdat",
        b"free",
        b"skip",
        b"wide",
        b"pnot",
        b"moof",
        b"styp",
        b"sidx",
        b"uuid",
        b"emsg",
    }
)
_PICTURE_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"crx "})
_RIFF_MEDIA = frozenset({b"AVI ", b"WAVE", b"AVIX", b"AMV "})
_OTHER_STARTS = (
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"8BPS", "a picture (Photoshop)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ\x00", "a compressed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (Zstandard)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "a text document (RTF)"),
)
_MEDIA_EXTENSIONS = frozenset(
    b"3g2 3gp aac ac3 aif aiff amr amv asf au avi caf divx dv f4v flac flv gif ivf m1v m2t m2ts m2v m4a m4b"
    b" m4v mka mkv mod mov mp2 mp3 mp4 mpe mpeg mpg mpv mts mxf oga ogg ogm ogv opus ps qt ra rm rmvb tod ts"
    b" vob wav webm wma wmv y4m".split()
)
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Glance:
    """What a file looks like. `what` says what else it is, when it is not to be kept."""

    keep: bool
    calls_itself_media: bool
    what: str = ""


def glance(head: bytes, name: bytes) -> Glance:
    """Judge the first `HEAD_SIZE` bytes of a file (all of a shorter one) and its name."""
    named = name.rpartition(b".")[2].lower() in _MEDIA_EXTENSIONS
    if _is_text(head):  # first: a text can begin with the letters of any signature
        return Glance(False, named, "text")
    if picture := _picture_in_boxes(head):
        return Glance(False, named, picture)
    if _is_media(head):
        return Glance(True, named)
    if other := _other(head):
        return Glance(False, named, other)
    return Glance(named, named, "" if named else "no kind of video or sound that is known here")


def _is_media(head: bytes) -> bool:
    return (
        head.startswith(_MEDIA_STARTS)
        or head[4:8] in _BOXES
        or (head[:4] in (b"RIFF", b"RF64") and head[8:12] in _RIFF_MEDIA)
        or (head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"))
        or _is_mpeg_sound(head)
        or any(_has_sync_every(head, start, step) for start, step in ((0, 188), (4, 192), (0, 204)))
    )


def _is_mpeg_sound(head: bytes) -> bool:
    """An MPEG audio or ADTS frame: 11 bits of sync, and no value that the standard reserves."""
    if len(head) < 4 or head[0] != 0xFF:
        return False
    if head[1] & 0xF6 == 0xF0:
        return True
    return (
        head[1] & 0xE0 == 0xE0 and head[1] & 0x18 != 0x08 and head[1] & 0x06 != 0 and head[2] & 0xF0 != 0xF0
    )


def _has_sync_every(head: bytes, start: int, step: int) -> bool:
    """A transport stream repeats its sync byte; three packets, or all there is of a shorter file."""
    packets = head[start::step][:3]
    return len(packets) >= 2 and set(packets) == {0x47}


def _picture_in_boxes(head: bytes) -> str:
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    return "a picture (HEIF)" if brand in _PICTURE_BRANDS else ""


def _other(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a picture (WebP)"
    return next((what for start, what in _OTHER_STARTS if head.startswith(start)), "")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if not _TEXT.fullmatch(head) or head.startswith(b"YUV4MPEG2"):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        # A character cut off by the end of the head is no fault; many bytes over 127 may be an old code page.
        return problem.start >= len(head) - 3 or sum(byte > 127 for byte in head) * 10 < len(head) * 9
    return True
