"""English number words, orders of magnitude, fractions and ratios."""

from __future__ import annotations

from decimal import Decimal

from ingest.articles.quantities.wordsets import listed, share

_D = Decimal
SMALL = {
    name: number
    for number, name in enumerate(
        listed(
            """zero one two three four five six seven eight nine ten eleven twelve thirteen
            fourteen fifteen sixteen seventeen eighteen nineteen"""
        )
    )
} | {
    name: 10 * number
    for number, name in enumerate(
        listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
SCALES = {
    "thousand": _D(10) ** 3,
    "million": _D(10) ** 6,
    "billion": _D(10) ** 9,
    "trillion": _D(10) ** 12,
    "dozen": _D(12),
}
SHORT = {
    "k": _D(10) ** 3,
    "m": _D(10) ** 6,
    "mn": _D(10) ** 6,
    "mln": _D(10) ** 6,
    "mm": _D(10) ** 6,
    "b": _D(10) ** 9,
    "bn": _D(10) ** 9,
    "bln": _D(10) ** 9,
    "tn": _D(10) ** 12,
    "trn": _D(10) ** 12,
}


def orders() -> list[tuple[str, tuple[Decimal, Decimal]]]:
    """Bands of verdicts, section 1: 2*10^k up to 10^(k+1), or 10^(k+3) for a bare scale."""
    found = [
        ("tens", (_D(20), _D(100))),
        ("dozens", (_D(24), _D(100))),
        ("scores", (_D(40), _D(100))),
        ("hundreds", (_D(200), _D(1000))),
    ]
    for name, power in (("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)):
        one = _D(10) ** power
        found.append((f"{name}s", (2 * one, 1000 * one)))
        for many in (f"{name}s", name):
            found.append((f"tens of {many}", (20 * one, 100 * one)))
            found.append((f"dozens of {many}", (24 * one, 100 * one)))
            found.append((f"scores of {many}", (40 * one, 100 * one)))
            found.append((f"hundreds of {many}", (200 * one, 1000 * one)))
        for few in ("several", "a few", "many", "few"):
            found.append((f"{few} {name}", (2 * one, 10 * one)))
            found.append((f"{few} hundred {name}", (200 * one, 1000 * one)))
            found.append((f"{few} dozen {name}", (24 * one, 100 * one)))
        found.append((f"a couple {name}", (2 * one, 10 * one)))
    for few in ("several", "a few", "many"):
        found.append((f"{few} hundred", (_D(200), _D(1000))))
        found.append((f"{few} dozen", (_D(24), _D(100))))
    found.append(("hundreds and hundreds", (_D(200), _D(1000))))
    found.append(("thousands upon thousands", (_D(2000), _D(10) ** 6)))
    found.append(("thousands and thousands", (_D(2000), _D(10) ** 6)))
    return found


def fractions() -> list[tuple[str, Decimal]]:
    """Fractions, to percent."""
    found = [
        (phrase, _D(50))
        for phrase in ("half", "one half", "a half", "one - half", "the half", "fully half")
    ]
    for name, low in (
        ("third", 3),
        ("quarter", 4),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("tenth", 10),
    ):
        found.append((f"{'an' if low == 8 else 'a'} {name}", share(1, low)))
        found.append((f"one {name}", share(1, low)))
        found.append((f"one - {name}", share(1, low)))
        for top, word in enumerate(listed("two three four five six seven eight nine"), start=2):
            if top < low:
                found += [(f"{word}{link}{name}s", share(top, low)) for link in (" ", " - ")]
    return found


_LEADS = listed("to will would could may might can than nearly almost about roughly")


def ratios() -> list[tuple[str, Decimal]]:
    """Verbs and adverbs of multiplying, to how many times."""
    found = []
    for stem, times in (
        ("double", "2"),
        ("triple", "3"),
        ("treble", "3"),
        ("quadruple", "4"),
        ("quintuple", "5"),
        ("sextuple", "6"),
        ("halve", "0.5"),
    ):
        value = _D(times)
        found += [(f"{stem}d", value)]
        found += [(f"{stem[:-1]}ing", value)]
        if stem in {"double", "triple", "quadruple"}:
            found += [(f"{lead} {stem}", value) for lead in _LEADS]
            found += [(f"{stem} the number", value), (f"{stem} the rate", value)]
            found += [
                (f"{stem} that", value),
                (f"{stem} what", value),
                (f"{stem} the", value),
                (f"{stem} those", value),
                (f"{stem} its", value),
                (f"{stem} last", value),
            ]
    for count, name in enumerate(listed("two three four five six seven eight nine ten"), start=2):
        found += [(f"{name}fold", _D(count)), (f"{name} - fold", _D(count))]
    found += [(f"{name}fold", _D(count)) for name, count in SMALL.items() if count > 10]
    found += [(f"{name} - fold", _D(count)) for name, count in SMALL.items() if count > 10]
    found += [("hundredfold", _D(100)), ("twelvefold", _D(12)), ("twentyfold", _D(20))]
    found += [
        ("twice", _D(2)),
        ("thrice", _D(3)),
        ("cut in half", _D("0.5")),
        ("half as many", _D("0.5")),
        ("half as much", _D("0.5")),
    ]
    return found
