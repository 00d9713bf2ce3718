"""A file that passes through: hashed as it arrives, never larger than allowed, and never on the disk under a name.

It lies in a temporary file without a name (unlinked at once), which is gone with the request, even if the process dies.
"""

import hashlib
from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class PassingFile(UploadedFile):
    """`sha256` of all of it; `is_too_large`: the rest was not taken."""

    sha256: str = ""
    is_too_large: bool = False


class PassingFileHandler(FileUploadHandler):
    """The first file of a request; a second one is not taken."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__()
        self._max_bytes = max_bytes
        self._count = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._count += 1
        if self._count > 1:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self._digest, self._size_bytes, self._is_too_large = hashlib.sha256(), 0, False
        self._file = TemporaryFile()  # noqa: SIM115  (Django closes it with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size_bytes += len(raw_data)
        if self._size_bytes > self._max_bytes:
            self._is_too_large = True
            return
        self._digest.update(raw_data)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> PassingFile:
        self._file.seek(0)
        passing = PassingFile(self._file, name="file", size=self._size_bytes)
        passing.sha256, passing.is_too_large = self._digest.hexdigest(), self._is_too_large
        return passing
