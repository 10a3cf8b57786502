"""The one family of errors a person ever sees: what, why, and what to do."""


class VideturError(Exception):
    """Base of all errors that leave a Videtur function on purpose.

    `exit_status` is the command line's status for it (see docs/reference/command-line.md).
    """

    exit_status = 4

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.remedy = remedy

    def explain(self) -> str:
        """Return one line for a person: what is wrong, why, what to do."""
        parts = [self.what, *(part for part in (self.why, self.remedy) if part)]
        return " ".join(part if part[-1:] in ".!?" else f"{part}." for part in parts).replace("\n", " ")


class VerificationFailed(VideturError):
    """The answer is no: something differs from what was recorded."""

    exit_status = 1


class WrongUsage(VideturError):
    """The call makes no sense as it stands."""

    exit_status = 2


class Refused(VideturError):
    """An input was refused or could not be read; the others go on."""

    exit_status = 3


class NotPermitted(VideturError):
    """The person may not do or see this."""

    exit_status = 2


class StorageFailed(VideturError):
    """Bytes could not be made durable, or could not be read back."""


class SandboxUnavailable(VideturError):
    """No sandbox could be built for a decoder; untrusted media is not opened without one."""
