"""Where files are: local paths, globs and folders, file objects, and addresses of other file systems."""

from __future__ import annotations

import bz2
import contextlib
import glob
import gzip
import io
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from footfall.core.imports import import_optional

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_MARKS = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd", "bz2": b"BZh"}
KINDS = {
    ".parquet": "parquet", ".pq": "parquet", ".feather": "feather", ".arrow": "feather", ".csv": "csv", ".tsv": "csv",
    ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel",
}  # fmt: skip


@dataclass(frozen=True)
class SourceFile:
    """A file that can be opened again and again.

    Attributes
    ----------
    name : str
        As messages call it.
    kind : str or None
        What it holds, by its ending; None where that tells nothing.
    packed : str or None
        How it is compressed.
    path : str or None
        Its local path, where it has one.
    held : Any
        A file object, or the address of a file elsewhere.
    """

    name: str
    kind: str | None
    packed: str | None
    path: str | None
    held: Any = None

    @contextlib.contextmanager
    def open(self) -> Iterator[Any]:
        """Give its bytes as a stream, unpacked."""
        with contextlib.ExitStack() as stack:
            if self.path is not None:
                raw: Any = stack.enter_context(Path(self.path).open("rb"))
            elif isinstance(self.held, str):
                raw = stack.enter_context(_open_address(self.held))
            else:
                self.held.seek(0)
                raw = self.held
            if self.packed == "gzip":
                raw = stack.enter_context(gzip.GzipFile(fileobj=raw))
            elif self.packed == "bz2":
                raw = stack.enter_context(bz2.BZ2File(raw))
            elif self.packed == "zstd":
                arrow = import_optional("pyarrow", "files", "reading .zst")
                packed = arrow.PythonFile(_Lent(raw), mode="r")
                raw = stack.enter_context(arrow.CompressedInputStream(packed, "zstd"))
            yield raw

    def read(self) -> bytes:
        """Return all of its bytes."""
        with self.open() as stream:
            found: bytes = stream.read()
            return found


class _Lent(io.RawIOBase):
    """A file object of the caller's, which stays open when a reader of it is closed."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        found: bytes = self._file.read(size)
        return found

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        at: int = self._file.seek(place, whence)
        return at

    def tell(self) -> int:
        """Return the place."""
        at: int = self._file.tell()
        return at

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    seekable = readable


def is_file(source: Any) -> bool:
    """Whether a source is a path, a list of paths or a file object."""
    if isinstance(source, list):
        return bool(source) and all(isinstance(path, (str, os.PathLike)) for path in source)
    return isinstance(source, (str, os.PathLike)) or (hasattr(source, "read") and not hasattr(source, "schema"))


def find_files(source: Any) -> list[SourceFile]:
    """Return the files that a path, a list, a glob, an address or a file object names."""
    if hasattr(source, "read") and not isinstance(source, (str, os.PathLike)):
        return [_file_object(source)]
    given = source if isinstance(source, list) else [source]
    return [file for item in given for file in _named(os.fspath(item))]


def _named(path: str) -> list[SourceFile]:
    address = urlsplit(path)
    if address.scheme == "file":
        path = address.path
    elif len(address.scheme) > 1 and "://" in path:
        # A letter before a colon is a drive of Windows.
        return [_file(path, None, path)]
    magic = glob.has_magic(path) and not Path(path).exists()
    found = sorted(glob.glob(path, recursive=True)) if magic else [path]  # noqa: PTH207 - the path is absolute or not
    if not found or not Path(found[0]).exists():
        raise FileNotFoundError(f"{path!r}: no file matches" if magic else f"{path!r}: there is no such file")
    return [file for one in found for file in _whole_or_parts(one)]


def _whole_or_parts(path: str) -> list[SourceFile]:
    """Return a file, a folder that is read as one data set, or the files of any other folder."""
    file = _file(path, path, None)
    if not Path(path).is_dir() or file.kind in {"parquet", "feather", None}:
        return [file]
    parts = (_file(os.fspath(part), os.fspath(part), None) for part in sorted(Path(path).rglob("*")) if part.is_file())
    return [part for part in parts if part.kind is not None]


def _file(name: str, path: str | None, held: Any) -> SourceFile:
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
    packed = _PACKED.get(suffixes[-1]) if suffixes else None
    if packed is not None:
        suffixes.pop()
    kind = KINDS.get(suffixes[-1]) if suffixes else None
    if path is not None and Path(path).is_dir():
        kind = _kind_of_folder(Path(path))
    return SourceFile(name, "csv" if packed and not suffixes else kind, packed, path, held)


def _kind_of_folder(folder: Path) -> str | None:
    files = (file for file in folder.rglob("*") if file.is_file())
    kinds = {_file(file.name, None, None).kind for file in files} - {None}
    return next(iter(kinds)) if len(kinds) == 1 else "parquet" if "parquet" in kinds else None


def _file_object(source: Any) -> SourceFile:
    name = getattr(source, "name", None)
    if isinstance(source, io.TextIOBase):
        source = io.BytesIO(source.read().encode())
    elif not (hasattr(source, "seekable") and source.seekable()):
        source = io.BytesIO(source.read())
    shown = name if isinstance(name, str) else "the file object"
    file = _file(shown, None, source)
    if file.packed is not None and not _head(source).startswith(_MARKS[file.packed]):
        # An object of gzip has the name of what it unpacks.
        file = replace(file, packed=None)
    if file.kind is None:
        head = _head(source)
        return SourceFile(
            shown, "parquet" if head == b"PAR1" else "excel" if head[:2] == b"PK" else "csv", None, None, source
        )
    return file


def _head(source: Any) -> bytes:
    source.seek(0)
    head: bytes = source.read(4)
    source.seek(0)
    return head


def _open_address(address: str) -> Any:
    """Open a file elsewhere: by fsspec where it is installed, else by PyArrow's own file systems."""
    arrow = import_optional("pyarrow", "files", "reading files")
    try:
        import fsspec
    except ImportError:
        from pyarrow import fs

        system, path = fs.FileSystem.from_uri(address)
        return system.open_input_file(path)
    return arrow.PythonFile(fsspec.open(address, "rb").open(), mode="r")
