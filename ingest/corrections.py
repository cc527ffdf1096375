"""Declared corrections: errors of a provider, put right for as long as it states them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from config.schema import Correction, format_facets
from db.records import Issue, Reading, SeriesKey


class Corrector:
    """Puts right what was declared, and knows which declarations met nothing."""

    def __init__(
        self, source: str, corrections: Sequence[Correction], *, older: bool = False
    ) -> None:
        """`older`: files of the past, which may state something else than what is corrected."""
        self._source = source
        self._older = older
        self._declared = {(_key(source, each), each.time_period): each for each in corrections}
        self._met: set[tuple[SeriesKey, str]] = set()
        self._mended: list[Issue] = []

    def apply(self, key: SeriesKey, reading: Reading) -> Reading:
        """The reading, put right where that was declared.

        Raises ValueError where the provider states neither the error that is expected nor the
        right value: then a person has to look at the correction.
        """
        place = (key, reading.time_period)
        correction = self._declared.get(place)
        if correction is None:
            return reading
        self._met.add(place)
        if reading.value == correction.expect:
            note = f"The provider states {correction.expect}. {correction.reason.en}"
            joined = f"{reading.note} {note}".strip()
            return replace(
                reading, value=correction.value, note=joined, evidence=correction.evidence
            )
        if reading.value == correction.value:
            self._mended.append(
                self._warning(key, correction, "the provider states the right value itself now")
            )
            return reading
        if self._older:
            return reading
        raise ValueError(
            f"{self._file} expects {correction.expect} here, found {reading.value}: "
            "change or remove the correction"
        )

    def warnings(self) -> Iterator[Issue]:
        """Corrections that are no longer needed, or that met no row."""
        yield from self._mended
        if self._older:
            return
        for (key, period), correction in self._declared.items():
            if (key, period) not in self._met:
                yield self._warning(key, correction, "met no row")

    @property
    def _file(self) -> str:
        return f"corrections/{self._source}.yaml"

    def _warning(self, key: SeriesKey, correction: Correction, message: str) -> Issue:
        text = f"the correction of {key}, {correction.time_period}: {message}"
        return Issue("warning", "correction", text, self._file)


def _key(source: str, correction: Correction) -> SeriesKey:
    return SeriesKey(
        correction.indicator,
        correction.measure,
        correction.freq,
        correction.ref_area,
        correction.counterpart_area,
        source,
        format_facets(correction.facets),
    )
