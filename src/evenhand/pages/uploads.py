"""Tables that people send: bounded on the way in, opened in memory, never kept."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from evenhand.terms import refuse

MOST_UNPACKED = 400 * 1024 * 1024


class Bounded(FileUploadHandler):
    """Stops reading what is larger than we take, so that nobody can fill the disk."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and stop at the bound."""
        self.read += len(raw_data)
        if self.read > settings.MOST_UPLOADED:
            if self.request is not None:
                self.request.META["evenhand.too_large"] = "yes"
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Leave the file to the handler that keeps it while the request lasts."""
        return None


def too_large(request: HttpRequest) -> bool:
    """Whether something sent was larger than we take. Asks for the form first, for it is then that it is read."""
    _ = request.FILES
    return "evenhand.too_large" in request.META


def content_of(sent: UploadedFile[bytes]) -> bytes:
    """The bytes of a file somebody sent. Raises ``Refused`` for what would unpack to more than we take."""
    content: bytes = sent.read()
    name = name_of(sent)
    if content[:2] == b"\x1f\x8b":
        reader = zlib.decompressobj(wbits=31)
        try:
            reader.decompress(content, MOST_UNPACKED)
        except zlib.error:
            return content
        if reader.unconsumed_tail:
            raise _too_much(name)
    elif content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
        try:
            unpacked = sum(each.file_size for each in zipfile.ZipFile(io.BytesIO(content)).infolist())
        except (zipfile.BadZipFile, ValueError):
            return content
        if unpacked > MOST_UNPACKED:
            raise _too_much(name)
    return content


def _too_much(name: str) -> Exception:
    return refuse("unpacked, this file is larger than the site takes", "use the command line, which has no such bound",
                  file=name)


def name_of(sent: UploadedFile[bytes]) -> str:
    """The file's own name, without anything that could be taken for a path, an option or one of our samples."""
    return re.sub(r"[^\w. ()-]", "_", sent.name or "table").lstrip("-. ")[:80] or "table"


def megabytes() -> int:
    """How much may be sent at once, for the form."""
    return int(settings.MOST_UPLOADED) // (1024 * 1024)
