"""HTML as the tests look at it: a strict reading with the standard library's parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from dashboard.render import VOID

SVG_VOID = frozenset({"path", "line", "rect", "circle"})
"""Elements of the drawings, which are closed where they are opened."""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """All elements below this one, in the order of the document."""
        left = self.children[::-1]
        while left:
            child = left.pop()
            if isinstance(child, Element):
                yield child
                left.extend(child.children[::-1])

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag; `class_` asks for one of the classes, `data_x` for `data-x`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.elements() if e.tag == tag and e.has(wanted)]

    def has(self, wanted: dict[str, str]) -> bool:
        return all(
            value in self.attributes.get(name, "").split()
            if name == "class"
            else self.attributes.get(name) == value
            for name, value in wanted.items()
        )

    def above(self) -> Iterator[Element]:
        """Its parent, and so on up."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def language(self) -> str:
        """The language that the element's text is said to be in."""
        return next(e.attributes["lang"] for e in (self, *self.above()) if "lang" in e.attributes)

    @property
    def text(self) -> str:
        """Its text with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join("".join(parts).split())


@dataclass
class Markup:
    """A parsed page."""

    source: str
    root: Element

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return self.root.all(tag, **attributes)

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    @cached_property
    def ids(self) -> list[str]:
        return [e.attributes["id"] for e in self.root.elements() if "id" in e.attributes]

    def links(self) -> list[str]:
        """Addresses of all links."""
        return [e.attributes["href"] for e in self.all("a") if "href" in e.attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, None)
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID | SVG_VOID, f"<{tag}/> is not closed in HTML"
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parsed(source: str) -> Markup:
    """Raises AssertionError where elements are not closed in the order they were opened."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    assert reader.open is reader.root, f"<{reader.open.tag}> is never closed"
    return Markup(source, reader.root)
