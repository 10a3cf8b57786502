"""The workspace: one folder with everything a case needs, described by its `videtur.toml`."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from videtur.errors import WrongUsage

CONFIGURATION = "videtur.toml"
ENVIRONMENT_VARIABLE = "VIDETUR_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a workspace keeps its parts. All paths are absolute.

    `database` is `sqlite:///videtur.db` (a path relative to `root`) or `postgresql://...`;
    `objects` is `file:objects` (relative to `root`) or, later, `s3://...`.
    """

    root: Path
    database: str
    objects: str

    @property
    def keys(self) -> Path:
        """Folder of the private keys (mode 0700)."""
        return self.root / "keys"

    @property
    def web_secret(self) -> Path:
        """File of the workbench's secret (mode 0600): signs sessions and forms, never evidence."""
        return self.keys / "web.secret"

    @property
    def uploads(self) -> Path:
        """Folder of uploads that are not finished. Working state, not evidence."""
        return self.root / "uploads"

    @property
    def models(self) -> Path:
        """Folder where model files are dropped in."""
        return self.root / "models"

    @property
    def jobs_database(self) -> Path:
        """The job runner's own SQLite file, when the database is SQLite."""
        return self.root / "jobs.db"

    @property
    def object_root(self) -> Path:
        """Folder of the object store, when it is a local disk."""
        if not self.objects.startswith("file:"):
            raise WrongUsage(f"The objects of this workspace are at {self.objects}, not in a folder")
        return self.root / self.objects.removeprefix("file:")

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, or None when the database is a server."""
        prefix = "sqlite:///"
        return self.root / self.database.removeprefix(prefix) if self.database.startswith(prefix) else None


def write_workspace(root: Path, database: str | None = None, objects: str | None = None) -> Workspace:
    """Create the folder and its configuration. Raises WrongUsage if `root` already is a workspace."""
    path = root.absolute() / CONFIGURATION
    workspace = Workspace(root.absolute(), database or "sqlite:///videtur.db", objects or "file:objects")
    root.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            content = {"workspace": {"database": workspace.database, "objects": workspace.objects}}
            tomli_w.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise WrongUsage(f"{root} already is a workspace", remedy="Choose another folder") from None
    return workspace


def read_workspace(root: Path) -> Workspace:
    """Read `root/videtur.toml`. Raises WrongUsage when it is missing or malformed."""
    path = root.absolute() / CONFIGURATION
    try:
        with path.open("rb") as file:
            settings = tomllib.load(file)["workspace"]
        return Workspace(root.absolute(), str(settings["database"]), str(settings["objects"]))
    except FileNotFoundError:
        raise WrongUsage(
            f"{root} is not a workspace", "It holds no videtur.toml", "Make one with: videtur init DIR"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as problem:
        raise WrongUsage(f"{path} cannot be read", str(problem), "Restore it from a backup") from problem


def find_workspace(given: Path | None = None) -> Workspace:
    """The workspace given, else of the environment, else the nearest upwards from the current folder."""
    if given is not None:
        return read_workspace(given)
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return read_workspace(Path(named))
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / CONFIGURATION).is_file():
            return read_workspace(folder)
    raise WrongUsage("No workspace here", remedy="Make one: videtur init DIR. Or name one: --workspace DIR")
