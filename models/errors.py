"""Every error that crosses a package border, drawn as a tree.

    ServiceError            a sentence for the person exists: texts key `error-<code>`
    ├── BadPhoto            this file cannot become a picture
    │   ├── NotAPicture     no known picture format in its first bytes
    │   ├── Undecodable     a known format, but no pixels come out
    │   ├── TooManyBytes · TooManyPixels · TooThin
    │   ├── DecodeTimeout   the decoder ran past its time
    │   ├── DecodeMemory    the decoder ran past its memory
    │   └── DecodeCrash     the decoder died
    ├── Busy                the queue is full; carries the place in it
    ├── Late                the deadline passed before the work was done
    ├── Stopped             the service is shutting down
    ├── ModelFailed         a model raised, returned nonsense or is switched off for now
    ├── WeightsMissing      weights are not on this machine and could not be fetched
    ├── WeightsCorrupt      weights are not the bytes that the registry names
    ├── NoRoom              a file could not be written
    ├── PortTaken           another program listens there
    └── StorageError        nothing can be remembered right now
        ├── DiskFull        there is no room to write
        ├── DatabaseDamaged the file of photos is broken; restore a backup
        ├── NewerSchema     the file was written by a newer program
        ├── FolderUnusable  the data folder may not be read or written
        ├── FolderForeign   the data folder holds somebody else's files
        ├── FolderTaken     another Chalkak owns the data folder
        └── BadBackup       a backup is not whole
            └── NoBackup    there is none at that place

`str(error)` is for the log: what was found and what is allowed.  People get the text of `code`
filled with `data`, in their language.
"""

from __future__ import annotations


class ServiceError(Exception):
    """An error that a person will read about.

    Args:
        message: what was found and what is allowed, for the log.
        data: values for the person's sentence, by the names the text uses.
    """

    code = "internal"

    def __init__(self, message: str, **data: str | float) -> None:
        super().__init__(message)
        self.data = data


class BadPhoto(ServiceError):
    """This file cannot become a picture."""

    code = "bad-photo"


class NotAPicture(BadPhoto):
    """No known picture format in its first bytes."""

    code = "not-a-picture"


class Undecodable(BadPhoto):
    """A known format, but no pixels come out."""

    code = "undecodable"


class TooManyBytes(BadPhoto):
    """The file is larger than what is read."""

    code = "too-many-bytes"


class TooManyPixels(BadPhoto):
    """The picture is larger than what is decoded."""

    code = "too-many-pixels"


class TooThin(BadPhoto):
    """The picture is thinner than two pixels."""

    code = "too-thin"


class DecodeTimeout(BadPhoto):
    """The decoder ran past its time."""

    code = "decode-timeout"


class DecodeMemory(BadPhoto):
    """The decoder ran past its memory."""

    code = "decode-memory"


class DecodeCrash(BadPhoto):
    """The decoder died."""

    code = "decode-crash"


class Busy(ServiceError):
    """The queue is full."""

    code = "busy"


class Late(ServiceError):
    """The deadline passed before the work was done."""

    code = "late"


class Stopped(ServiceError):
    """The service is shutting down."""

    code = "stopped"


class ModelFailed(ServiceError):
    """A model raised, returned nonsense or is switched off for now."""

    code = "model-failed"


class WeightsMissing(ServiceError):
    """Weights are not on this machine and could not be fetched."""

    code = "weights-missing"


class WeightsCorrupt(ServiceError):
    """Weights are not the bytes that the registry names."""

    code = "weights-corrupt"


class NoRoom(ServiceError):
    """A file could not be written."""

    code = "no-room"


class PortTaken(ServiceError):
    """Another program listens on the port."""

    code = "port-taken"


class StorageError(ServiceError):
    """Nothing can be remembered right now."""

    code = "storage"


class DiskFull(StorageError):
    """There is no room to write."""

    code = "disk-full"


class DatabaseDamaged(StorageError):
    """The file of photos is broken."""

    code = "database-damaged"


class NewerSchema(StorageError):
    """The file was written by a newer program."""

    code = "newer-schema"


class FolderUnusable(StorageError):
    """The data folder may not be read or written."""

    code = "folder-unusable"


class FolderForeign(StorageError):
    """The data folder holds somebody else's files."""

    code = "folder-foreign"


class FolderTaken(StorageError):
    """Another Chalkak owns the data folder."""

    code = "folder-taken"


class BadBackup(StorageError):
    """A backup is not whole."""

    code = "bad-backup"


class NoBackup(BadBackup):
    """There is no backup at that place."""

    code = "no-backup"


BAD_PHOTOS: dict[str, type[BadPhoto]] = {
    kind.code: kind
    for kind in (
        BadPhoto,
        NotAPicture,
        Undecodable,
        TooManyBytes,
        TooManyPixels,
        TooThin,
        DecodeTimeout,
        DecodeMemory,
        DecodeCrash,
    )
}
