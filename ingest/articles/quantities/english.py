"""English words of the grammar of figures."""

from __future__ import annotations

from ingest.articles.quantities.english_nouns import (
    DURATIONS,
    MODIFIERS,
    NOUNS,
    NUMBERED,
    STOPS,
)
from ingest.articles.quantities.english_numbers import (
    SCALES,
    SHORT,
    SMALL,
    fractions,
    orders,
    ratios,
)
from ingest.articles.quantities.lexicon import Lexicon, Phrases
from ingest.articles.quantities.wordsets import (
    coded,
    listed,
    marked,
    numbered,
    weekdays,
    words,
)

_BEFORE = coded(
    {
        "gt": "more than / over / above / greater than / higher than / larger than / in excess of"
        " / upwards of / upward of / exceeding / exceeded / exceeds / exceed / surpassed"
        " / surpassing / surpasses / surpass / topped / topping / north of / well over"
        " / just over / slightly more than / slightly over / a little over"
        " / a little more than / little more than / well above / just above / slightly above"
        " / a bit more than / a bit over / a bit above / somewhat more than / well more than"
        " / went past"
        " / just more than / far more than / many more than / beyond"
        " / passed the / >",
        "ge": "at least / no fewer than / not fewer than / not less than / no less than"
        " / a minimum of / minimum of / as few as / as little as / ≥ / at the very least",
        "le": "up to / as many as / as much as / at most / no more than / not more than"
        " / a maximum of / maximum of / capped at / as high as / ≤ / at the most"
        " / anything up to",
        "lt": "fewer than / less than / under / below / lower than / far fewer than / well below"
        " / well under / < / far less than / smaller than / just under / just below"
        " / just short of / slightly less than / slightly under / slightly below"
        " / a little under / a little less than / little less than / just shy of / shy of"
        " / a bit less than / a bit under / a bit below / not even / just less than"
        " / just fewer than / slightly fewer than / a shade under / short of"
        " / did not reach / does not reach / do not reach",
        "almost": "nearly / almost / close to / approaching / practically / virtually / nearing"
        " / not quite / approached / approaches / neared / as good as",
        "approx": "about / around / some / roughly / approximately / circa / approx / approx."
        " / an estimated / estimated / in the region of / on the order of / in the order of"
        " / more or less / in the neighborhood of / in the vicinity of / ~ / ≈ / c."
        " / estimates of / somewhere around / somewhere near / an estimate of"
        " / estimated to be / of about",
    }
)
_AFTER = coded(
    {
        "ge": "or more / or longer / or greater / or older / or higher / or over / or above"
        " / - plus / plus",
        "le": "or less / or shorter / or lower / or fewer / or under / or below / at most",
        "approx": "or so / approximately / or thereabouts / , more or less , / more or less",
    }
)
_CURRENCIES = coded(
    {
        "USD": "dollars / dollar / us dollars / u.s. dollars / u.s dollars / american dollars"
        " / usd / us$",
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
    small=SMALL,
    hundred=words("hundred"),
    scales=SCALES,
    short_scales=SHORT,
    money_scales={},
    joints=words("and"),
    orders=Phrases(orders()),
    fractions=Phrases(fractions()),
    ratios=Phrases(ratios()),
    times=Phrases(
        marked(
            "times as many / times as much / times as high / times as likely / times as large"
            " / times more / times higher / times larger / times the / times that / times greater"
            " / times what / times more likely / times as often / times as big / times bigger"
            " / times its / times their / times lower / times fewer / - fold / fold / - times"
        )
    ),
    halves=words("half"),
    indefinite=words("a an one another"),
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
            "short of",
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
        coded(
            {
                "percent": "percent / per cent / % / pct / pc / - percent / - per - cent"
                " / per - cent / - per cent / - %",
                "percentage-points": "percentage points / percentage point / percentage - point"
                " / percentage - points / - percentage - point / - percentage point / pp"
                " / ppts / % points / percent points / points / point",
                "basis-points": "basis points / basis point / - basis - point / - basis point",
            }
        )
    ),
    currencies=Phrases(_CURRENCIES),
    per=Phrases(marked("per / for every / for each / in every / out of every / to every")),
    frequencies=Phrases(
        coded(
            {
                period: f"a {period} / per {period} / each {period} / every {period}"
                for period in _PERIOD_WORDS.split()
            }
            | {
                "day": "daily / a day / per day / each day / every day",
                "year": "annually / a year / per year / each year / every year / yearly"
                " / per annum",
                "month": "monthly / a month / per month / each month / every month",
                "capita": "per capita",
                "person": "per head / a head / per person / a person / each person",
            }
        )
    ),
    of=words("of"),
    stops=STOPS,
    modifiers=MODIFIERS,
    skipped=Phrases(
        marked(
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
            " / a thousand times / a million times / a hundred times / five eyes / big four"
            " / seven seas"
        )
    ),
    nouns=NOUNS,
    durations=DURATIONS,
    numbered=NUMBERED,
    months=numbered(
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ),
    weekdays=weekdays("monday tuesday wednesday thursday friday saturday sunday"),
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
    },
    seasons={"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)},
    decades={
        name: 10 * number
        for number, name in enumerate(
            listed("twenties thirties forties fifties sixties seventies eighties nineties"),
            start=2,
        )
    },
    amounts=words(
        "was were is are be been reach hit exceed average"
        " total totaled totalled totalling totaling totals reached reaching"
        " reaches hit hits stood stands standing numbered numbers averaged averaging averages"
        " amounted amounts climbed rose fell dropped grew jumped increased declined decreased"
        " soared surged recorded registered counted remained peaked ended closed came slipped"
        " edged went to at exceeded surpassed topped fallen risen grown below above"
    ),
    contrasts=Phrases(
        marked(
            "compares with / compares to / compared against / up from / down from"
            " / compared with / compared to / against / versus / vs / vs."
            " / as against / from / than / in contrast to / in comparison with / instead of"
            " / as opposed to / relative to / higher than / lower than / more than the / than the"
            " / unchanged from / rather than / below / above"
        )
    ),
    statuses=Phrases(
        coded(
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
)
