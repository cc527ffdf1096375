"""Words and phrases of a language, written one after the other as prose would."""

from __future__ import annotations

from decimal import Decimal


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def listed(text: str) -> list[str]:
    """The words of a text in order."""
    return text.split()


def coded(groups: dict[str, str]) -> list[tuple[str, str]]:
    """`{code: "a phrase / another"}` to pairs of phrase and code."""
    return [(phrase.strip(), code) for code, text in groups.items() for phrase in text.split("/")]


def marked(text: str) -> list[tuple[str, int]]:
    """`a phrase / another` to pairs of phrase and one."""
    return [(phrase.strip(), 1) for phrase in text.split("/")]


def share(top: int, low: int) -> Decimal:
    """A fraction in percent, to a hundredth."""
    return (Decimal(100 * top) / Decimal(low)).quantize(Decimal("0.01")).normalize() + 0
