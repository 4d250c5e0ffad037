"""XML with the places of its elements in the bytes, so that one can be replaced alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

LARGEST_PART: Final = 64 * 1024 * 1024


class BrokenXmlError(ValueError):
    """Not well-formed, not UTF-8, or with a document type."""


@dataclass(slots=True)
class Spot:
    """One element: the bytes from ``start`` to ``end``, its inside from ``opened`` to ``closed``.

    ``name`` is without its prefix, ``prefix`` with its colon. A self-closing element has
    ``opened == closed == end``.
    """

    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    opened: int
    closed: int = -1
    end: int = -1
    text: str = ""
    children: list[Spot] = field(default_factory=list)

    @property
    def is_self_closing(self) -> bool:
        return self.opened == self.end

    def walk(self) -> Iterator[Spot]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, name: str) -> list[Spot]:
        return [each for each in self.walk() if each.name == name]

    def first(self, name: str) -> Spot | None:
        return next((each for each in self.walk() if each.name == name), None)

    def words(self) -> str:
        """The text of all ``t`` in it, phonetic guides left out."""
        if self.name == "rPh":
            return ""
        return (self.text if self.name == "t" else "") + "".join(
            child.words() for child in self.children
        )


def parse_spots(data: bytes) -> Spot:
    """The root element.

    Raises:
        BrokenXmlError: as the name says.
    """
    if len(data) > LARGEST_PART:
        raise BrokenXmlError("too large")
    return _Reader(data).root()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.stack: list[Spot] = []
        self.found: Spot | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.opened
        self.parser.EndElementHandler = self.closed
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.XmlDeclHandler = self.declared

    def root(self) -> Spot:
        try:
            self.parser.Parse(self.data, True)  # noqa: FBT003 - the signature of expat
        except expat.ExpatError as error:
            raise BrokenXmlError(str(error)) from error
        if self.found is None:  # pragma: no cover - expat has refused a file without an element
            raise BrokenXmlError("empty")
        return self.found

    def refuse(self, *_: object) -> None:
        raise BrokenXmlError("document type")

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower().replace("-", "") != "utf8":
            raise BrokenXmlError(encoding)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        start = self.parser.CurrentByteIndex
        spot = Spot(
            name, f"{prefix}:" if prefix else "", attributes, start, self._end_of_tag(start)
        )
        if self.stack:
            self.stack[-1].children.append(spot)
        else:
            self.found = spot
        self.stack.append(spot)

    def closed(self, _tag: str) -> None:
        spot = self.stack.pop()
        if self.data[spot.opened - 2 : spot.opened] == b"/>":
            spot.closed = spot.end = spot.opened
            return
        spot.closed = self.parser.CurrentByteIndex
        spot.end = self.data.index(b">", spot.closed) + 1

    def text(self, words: str) -> None:
        self.stack[-1].text += words

    def _end_of_tag(self, start: int) -> int:
        """Behind the ``>`` of the tag; one inside of quotes does not end it."""
        at, quote = start, 0
        while True:
            byte = self.data[at]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == ord(">"):
                return at + 1
            at += 1


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes in the place of others."""

    start: int
    end: int
    data: bytes


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The data with the splices, which do not overlap; those of one place keep their order."""
    parts: list[bytes] = []
    at = 0
    for splice in sorted(splices, key=lambda each: (each.start, each.end)):
        parts += [data[at : splice.start], splice.data]
        at = splice.end
    return b"".join([*parts, data[at:]])
