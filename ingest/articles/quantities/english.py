"""English words of the grammar of figures."""

from __future__ import annotations

from decimal import Decimal

from ingest.articles.quantities.english_nouns import (
    DURATIONS,
    MINOR,
    MODIFIERS,
    NOUNS,
    NUMBERED,
    PERSONS,
    STOPS,
)
from ingest.articles.quantities.lexicon import Lexicon, Phrases, words


def _codes(groups: dict[str, str]) -> list[tuple[str, str]]:
    """`{code: "a phrase / another"}` to pairs."""
    return [(one.strip(), code) for code, text in groups.items() for one in text.split("/")]


def _marks(text: str) -> list[tuple[str, int]]:
    return [(one.strip(), 1) for one in text.split("/")]


_D = Decimal
_SMALL = {
    name: number
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {
    name: 10 * number
    for number, name in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {
    "thousand": _D(10) ** 3,
    "million": _D(10) ** 6,
    "billion": _D(10) ** 9,
    "trillion": _D(10) ** 12,
    "dozen": _D(12),
}
_SHORT = {
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


def _orders() -> list[tuple[str, tuple[Decimal, Decimal]]]:
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


def _fractions() -> list[tuple[str, Decimal]]:
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
        # "a seventh" is as often an ordinal; only the plain ones stand alone.
        if low in {3, 4, 5, 10}:
            found.append((f"a {name}", _share(1, low)))
        found.append((f"one {name}", _share(1, low)))
        found.append((f"one - {name}", _share(1, low)))
        for top, word in enumerate("two three four five six seven eight nine".split(), start=2):
            if top < low:
                for link in (" ", " - "):
                    found.append((f"{word}{link}{name}s", _share(top, low)))
    return found


def _share(top: int, low: int) -> Decimal:
    """A fraction in percent, to a hundredth."""
    return (_D(100 * top) / _D(low)).quantize(_D("0.01")).normalize() + 0


def _ratios() -> list[tuple[str, Decimal]]:
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
            for lead in ("to", "will", "would", "could", "may", "might", "can", "than", "nearly",
                         "almost", "about", "roughly"):  # fmt: skip
                found.append((f"{lead} {stem}", value))
            found += [(f"{stem} the number", value), (f"{stem} the rate", value)]
            found += [(f"{stem} that", value), (f"{stem} what", value), (f"{stem} the", value)]
    for times, name in enumerate("two three four five six seven eight nine ten".split(), start=2):
        found += [(f"{name}fold", _D(times)), (f"{name} - fold", _D(times))]
    found += [("hundredfold", _D(100)), ("twelvefold", _D(12)), ("twentyfold", _D(20))]
    found += [
        ("twice", _D(2)),
        ("thrice", _D(3)),
        ("cut in half", _D("0.5")),
        ("half as many", _D("0.5")),
        ("half as much", _D("0.5")),
    ]
    return found


_BEFORE = _codes(
    {
        "gt": "more than / over / above / greater than / higher than / larger than / in excess of"
        " / upwards of / upward of / exceeding / exceeded / exceeds / exceed / surpassed"
        " / surpassing / surpasses / surpass / topped / topping / north of / well over / just over"
        " / slightly more than / slightly over / a little over / a little more than"
        " / little more than / well above / just above / slightly above / well more than"
        " / just more than / far more than / many more than / beyond / passed the / >",
        "ge": "at least / no fewer than / not fewer than / not less than / no less than"
        " / a minimum of / minimum of / as few as / as little as / ≥ / at the very least",
        "le": "up to / as many as / as much as / at most / no more than / not more than"
        " / a maximum of / maximum of / capped at / as high as / ≤ / at the most / anything up to",
        "lt": "fewer than / less than / under / below / lower than / far fewer than"
        " / well below / well under / < / far less than / smaller than / just under / just below"
        " / just short of / slightly less than / slightly under / slightly below / a little under"
        " / a little less than / little less than / just shy of / shy of / just less than"
        " / just fewer than / slightly fewer than / a shade under / short of",
        "almost": "nearly / almost / close to / approaching / practically / virtually / nearing"
        " / not quite / approached / approaches / neared / as good as",
        "approx": "about / around / some / roughly / approximately / circa / approx / approx."
        " / an estimated / estimated / in the region of / on the order of / in the order of"
        " / more or less / in the neighborhood of / in the vicinity of / ~ / ≈ / c. / estimates of"
        " / somewhere around / somewhere near / an estimate of / estimated to be / of about",
    }
)
_AFTER = _codes(
    {
        "ge": "or more / or higher / or over / or above / - plus / plus",
        "le": "or less / or fewer / or under / or below / at most",
        "approx": "or so / approximately / or thereabouts / , more or less , / more or less",
    }
)
_CURRENCIES = _codes(
    {
        "USD": "dollars / dollar / us dollars / u.s. dollars / u.s dollars / american dollars / usd"
        " / us$",
        "MXN": "pesos / peso / mexican pesos / mexican peso / mxn",
        "EUR": "euros / euro / eur",
        "GBP": "pounds sterling / gbp / british pounds",
        "CAD": "canadian dollars / canadian dollar / cad",
        "GTQ": "quetzales / quetzals",
        "HNL": "lempiras",
        "JPY": "yen",
        "CNY": "yuan",
        "BRL": "reais",
    }
)
_PERIOD_WORDS = "year month week day hour minute quarter decade night second"

LEXICON = Lexicon(
    code="en",
    small=_SMALL,
    hundred=words("hundred"),
    scales=_SCALES,
    short_scales=_SHORT,
    money_scales={},
    joints=words("and"),
    orders=Phrases(_orders()),
    fractions=Phrases(_fractions()),
    ratios=Phrases(_ratios()),
    times=Phrases(
        _marks(
            "times as many / times as much / times as high / times as likely / times as large"
            " / times more / times higher / times larger / times the / times that / times greater"
            " / times what / times more likely / times as often / times as big / times bigger"
            " / times its / times their / times lower / times fewer / - fold / fold / - times"
        )
    ),
    halves=words("half"),
    indefinite=words("a an one"),
    several=words("several few many couple"),
    before=Phrases(_BEFORE),
    after=Phrases(_AFTER),
    comparisons=frozenset(
        {
            "more than",
            "less than",
            "fewer than",
            "higher than",
            "lower than",
            "greater than",
            "larger than",
            "smaller than",
            "over",
            "above",
            "below",
        }
    ),
    articles=words("the a an"),
    and_=words("and or"),
    range_middle=words("to - – — through till until"),
    range_from=words("from"),
    between=words("between"),
    change=words(
        "rose risen rise rises rising raised raise raises raising fell fallen fall falls falling"
        " increased increase increases increasing grew grown grow grows growing dropped drop drops"
        " dropping climbed climb climbs climbing jumped jump jumps jumping declined decline"
        " declines declining went gone goes going go decreased decrease decreases decreasing cut"
        " cuts cutting doubled tripled quadrupled halved soared surged surge plunged slid slipped"
        " moved moving moves swelled shrank shrunk expanded expand expanding contracted reduced"
        " reduce reducing edged eased came come down up tumbled spiked widened narrowed advanced"
        " lowered lowering lifted bringing brought improved dipped sank rebounded ballooned"
        " revised changed change slowed accelerated quickened dwindled peaked mushroomed retreated"
        " skyrocketed inched ticked crept doubled strengthened weakened appreciated depreciated"
    ),
    percent=Phrases(
        _codes(
            {
                "percent": "percent / per cent / % / pct / pc / - percent / - per - cent"
                " / per - cent / - per cent / - %",
                "percentage-points": "percentage points / percentage point / percentage - point"
                " / percentage - points / - percentage - point / - percentage point / pp / ppts"
                " / % points / percent points / points",
                "basis-points": "basis points / basis point / - basis - point / - basis point",
            }
        )
    ),
    currencies=Phrases(_CURRENCIES),
    per=Phrases(_marks("per / for every / for each / in every / out of every / to every")),
    frequencies=Phrases(
        _codes(
            {
                period: f"a {period} / per {period} / each {period} / every {period}"
                for period in _PERIOD_WORDS.split()
            }
            | {
                "day": "daily / a day / per day / each day / every day",
                "year": "annually"
                " / a year / per year / each year / every year / yearly / per annum",
                "month": "monthly / a month / per month / each month / every month",
                "capita": "per capita / per head / per person",
            }  # fmt: skip
        )
    ),
    of=words("of"),
    stops=STOPS,
    modifiers=MODIFIERS,
    skipped=Phrases(
        _marks(
            "one of / one another / one day / one thing / one more / no one / any one / every one"
            " / the one / this one / that one / one by one / on the one hand / one hand / one way"
            " / one side / one or two / one or more / one - time / at one / for one / two - track"
            " / one - third of the way / number one / day one / square one / year one / one and"
            " / one who / one that / one which / one in which / one can / one must / one would"
            " / one is / one has / one might / each one / which one / only one who / as one"
            " / zero tolerance / zero - tolerance / ground zero / zero sum / zero - sum"
            " / twenty - first / second half / first half / half - time / half brother"
            " / half an eye / one step / one point / one form / one example / one reason"
            " / one element / one aspect / one hundred days / two sides / two ways / four corners"
            " / one such / one final / one last / one official / one said / one popular"
            " / one explanation / one possible / one time / half way / halfway / half - century"
            " / double standard / double standards / double - edged / double digits"
            " / double - digit / single - digit / two - thirds majority / triple - digit"
            " / five eyes / big four / seven seas"
        )
    ),
    nouns=NOUNS,
    durations=DURATIONS,
    minor=MINOR,
    numbered=NUMBERED,
    months={
        name: number
        for number, names in enumerate(
            "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,"
            "september sept sep,october oct,november nov,december dec".split(","),
            start=1,
        )
        for name in names.split()
    },
    weekdays={
        name: number
        for number, name in enumerate(
            "monday tuesday wednesday thursday friday saturday sunday".split()
        )
    },
    ordinals={
        "first": 1,
        "second": 2,
        "third": 3,
        "fourth": 4,
        "last": -1,
        "final": -1,
        "1st": 1,
        "2nd": 2,
        "3rd": 3,
        "4th": 4,
    },  # fmt: skip
    seasons={"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)},
    decades={
        name: 10 * number
        for number, name in enumerate(
            "twenties thirties forties fifties sixties seventies eighties nineties".split(),
            start=2,
        )
    },
    amounts=words(
        "was were is are be been total totaled totalled totalling totaling totals reached reaching"
        " reaches hit hits stood stands standing numbered numbers averaged averaging averages"
        " amounted amounts climbed rose fell dropped grew jumped increased declined decreased"
        " soared surged recorded registered counted remained peaked ended closed came slipped"
        " edged went to at exceeded surpassed topped fallen risen grown below above"
    ),
    contrasts=Phrases(
        _marks(
            "up from / down from / compared with / compared to / against / versus / vs / vs."
            " / as against / from / than / in contrast to / in comparison with / instead of"
            " / as opposed to / relative to / higher than / lower than / more than the / than the"
            " / unchanged from / rather than"
        )
    ),
    persons=PERSONS,
    statuses=Phrases(
        _codes(
            {
                "promised": "promised / promises / promise / pledged / pledges / pledge / vowed"
                " / promising / pledging",
                "planned": "plans / planned / plan / planning / wants / intends / aims / expects"
                " / will / would / intend / hopes",
                "proposed": "proposed / proposes / proposal / proposing / presented a plan"
                " / request / requested / requests / seeks / sought",
                "committed": "committed / commits / commitment / committing",
                "threatened": "threatened / threat / threatens / threatening / threats",
                "shipped": "shipped / sent / shipping / ships / shipment / dispatched",
                "delivered": "delivered / gifted / donated / delivery / delivering / handed over"
                " / received / disbursed",
            }
        )
    ),
    function_words=words(
        "the of and to in that is was for with on as at by from it this are were has have had"
        " which or an be not its their his they will would said more than but who"
    ),
)
