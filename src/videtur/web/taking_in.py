"""What happens to an upload when its last byte is there: the same as to every other arrival."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from videtur.cases.models import Case
from videtur.evidence.services import Arrival, Received, refuse, take_in
from videtur.evidence.signatures import HEAD_SIZE, glance
from videtur.evidence.sources import UnfitFile
from videtur.footage.derived import open_store
from videtur.people.models import User
from videtur.pipeline.asking import ask_for_examination
from videtur.pipeline.jobs import Job
from videtur.storage.ocfl import write_original
from videtur.web.upload_shelf import Upload

BLOCK = 1 << 20


def take_in_upload(user: User, case: Case, upload: Upload, data: Path) -> Upload:
    """Take the bytes in, or refuse them; return the upload as settled.

    Told twice (power went in between), it is the same arrival: the upload's id is its place.
    """
    place = sha256(f"upload:{upload.id}".encode()).hexdigest()
    if unfit := _unfit(upload, data, place):
        refuse(user.actor, case, [unfit])
        return replace(upload, refused=f"{unfit.why[:1].upper()}{unfit.why[1:]}. {unfit.remedy}.")
    store = open_store()
    with store.stage() as staged, data.open("rb") as file:
        while block := file.read(BLOCK):
            staged.write(block)
        digests = staged.finish()
        arrival = Arrival("upload", upload.name, place)
        created = datetime.now(UTC)
        key = write_original(store, staged, digests, arrival.name.decode("utf-8", "replace"), created)
        taken = take_in(user.actor, case, [Received(digests, key, arrival)])[0]
    ask_for_examination([Job(taken.item.sha256, taken.item.object_key)])
    return replace(upload, item=taken.item.sha256)


def _unfit(upload: Upload, data: Path, place: str) -> UnfitFile | None:
    if not upload.length:
        return UnfitFile(
            data, upload.name, place, "empty", "is empty (0 bytes)", "Copy it anew from where it came from"
        )
    with data.open("rb") as file:
        seen = glance(file.read(HEAD_SIZE), upload.name)
    if seen.keep:
        return None
    why = f"is {seen.what}, neither video nor sound"
    return UnfitFile(data, upload.name, place, "not_media", why, "Give the video or sound file itself")
