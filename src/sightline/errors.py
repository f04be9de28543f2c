"""Every error that Sightline raises on purpose.

    SightlineError
    ├── ConfigError        a flag, a key or a value is wrong                      exit 2
    ├── InputError         a file that the user named is missing, empty or not    exit 2
    │                      what it claims to be
    ├── ModelError         a network that cannot be loaded, or does not fit       exit 2
    │   └── DecoderError   nobody knows how to read what the network puts out     exit 2
    ├── MissingExtra       an optional part of Sightline is not installed         exit 2
    ├── SourceError        pictures stopped coming and will not come back         exit 1
    ├── DownloadError      a network of the zoo could not be fetched              exit 1
    ├── ToolError          a program that is not ours failed at its work               exit 1
    ├── OutputError        what was to be written could not be written            exit 1
    └── Interrupted        the user ended it (Ctrl-C); everything is closed       exit 130

A message is one sentence that says what is wrong, where, and what to do about it.
The command line prints it and exits with `exit_code`; nobody sees a traceback.
"""

from typing import ClassVar


class SightlineError(Exception):
    """The root of the tree; catch this to catch everything that Sightline raises."""

    exit_code: ClassVar[int] = 1


class ConfigError(SightlineError):
    """A flag, a key or a value that cannot be meant."""

    exit_code = 2


class InputError(SightlineError):
    """A file or folder named by the user that is missing, empty or of another kind."""

    exit_code = 2


class ModelError(SightlineError):
    """A network that cannot be loaded or does not fit what it is used for."""

    exit_code = 2


class DecoderError(ModelError):
    """A network whose output no decoder can claim with certainty."""


class MissingExtra(SightlineError):
    """A part of Sightline that is installed separately."""

    exit_code = 2

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an extra: pip install 'sightline[{extra}]'")
        self.extra = extra


class SourceError(SightlineError):
    """A source that fails while it works: refused, cut for good, or full of damage."""


class DownloadError(SightlineError):
    """Something that could not be fetched, or is not what was promised."""


class ToolError(SightlineError):
    """A program of others, called for a step that only it can do, that failed or is broken."""


class OutputError(SightlineError):
    """A result that could not be written: a full disk, a closed pipe."""


class Interrupted(SightlineError):
    """Ended by the user; what was written up to then is closed and valid."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("interrupted; everything written so far is complete")
