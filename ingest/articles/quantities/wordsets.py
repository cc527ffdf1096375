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


_ENDINGS = (
    "a an o aron aba aban ar ara aran aria arian ado ada ados ando e en amos",
    "e en io ieron ia ian er era eran eria erian ido iendo imos",
    "e en io ieron ia ian ir ira iran iria irian ido iendo imos",
)


def conjugated(*stems: str) -> frozenset[str]:
    """The forms of Spanish verbs that newsrooms use, without accents: stems of verbs in -ar, then
    of those in -er and in -ir."""
    return frozenset(
        stem + ending
        for group, endings in zip(stems, _ENDINGS, strict=True)
        for stem in group.split()
        for ending in endings.split()
    )


def numbered(*groups: str) -> dict[str, int]:
    """Words by the number of their group: `numbered("january jan", "february feb")`."""
    return {word: number for number, text in enumerate(groups, start=1) for word in text.split()}


def weekdays(text: str) -> dict[str, int]:
    """Words for the days of the week, Monday first, to `date.weekday()`."""
    return {word: number for number, word in enumerate(text.split())}
