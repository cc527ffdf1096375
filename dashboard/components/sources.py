"""Where figures come from: freshness, provider, licence, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dash import html

from config.catalog import Catalog
from config.schema import Document, Source
from config.settings import KEY_PREFIX
from dashboard import addresses, labels
from dashboard.i18n import Translator
from dashboard.i18n.formats import day, number
from dashboard.store import Store
from db.freshness import Freshness
from db.records import Observation, RunStatus, SourceRecord

KEYS = {"banxico": True, "inegi": True, "census": False}
"""Adapters whose provider asks for a key, and whether it answers to nobody without one."""


def freshness_words(word: Freshness, t: Translator) -> str:
    """The state of a source."""
    words = {
        Freshness.NEW: t("not read yet"),
        Freshness.OK: t("up to date"),
        Freshness.DUE: t("due"),
        Freshness.LATE: t("late"),
        Freshness.FAILING: t("failing"),
        Freshness.PAUSED: t("paused"),
        Freshness.NEEDS_KEY: t("needs a key"),
    }
    return words[word]


def freshness_badge(word: Freshness, t: Translator) -> html.Span:
    """Word and class; the stylesheet adds a sign, so that colour is never alone."""
    return html.Span(freshness_words(word, t), className=f"badge fresh-{word}")


def freshness_note(store: Store, name: str, t: Translator) -> html.Span | None:
    """The badge beside a source's figures; a file without a rhythm is never «up to date»."""
    word = store.freshness(name)
    if word is Freshness.OK and store.catalog.sources[name].cadence_days is None:
        return None
    return freshness_badge(word, t)


def key_setting(source: Source) -> str | None:
    """Name of the setting that holds the provider's key; None where no key is asked for."""
    return KEY_PREFIX + source.adapter.upper() if source.adapter in KEYS else None


def failing_since(store: Store, name: str) -> tuple[datetime, int] | None:
    """Since when a source has failed without a success between, and how many times."""
    adapter = store.catalog.sources[name].adapter
    good = store.source_records()[name].last_success
    failed = [
        run
        for run in store.runs(name)
        if run.adapter == adapter
        and run.status in {RunStatus.FAILED, RunStatus.INTERRUPTED}
        and (good is None or run.started_at > good)
    ]
    return (failed[-1].started_at, len(failed)) if failed else None


def state_sentence(store: Store, name: str, t: Translator) -> str:
    """What the word for a source's state means for this source, in a sentence or two."""
    source, record = store.catalog.sources[name], store.source_records()[name]
    run = record.last_run
    word = store.freshness(name)
    held = record.observations > 0
    if word is Freshness.FAILING:
        since = failing_since(store, name)
        text = (
            t.n(
                "The last run failed, on {since}.",
                "The last {n} runs failed, the first of them on {since}.",
                since[1],
                since=moment(since[0], t),
            )
            if since
            else t("The last run failed.")
        )
        why = failure_words(run.error_class, t) if run else ""
        return " ".join(part for part in (text, why, _still_shown(record, t)) if part)
    if word is Freshness.LATE and record.newest_release and source.cadence_days:
        days = (store.clock().date() - record.newest_release).days
        return t(
            "Runs succeed, but the newest release, of {day}, is {age} days old; one is usual every "
            "{cadence} days. It is shown.",
            day=day(record.newest_release, t.locale),
            age=number(days, 0, t.locale),
            cadence=number(source.cadence_days, 0, t.locale),
        )
    if word is Freshness.DUE and run and run.next_due:
        text = t("A run was due on {when} and has not happened.", when=moment(run.next_due, t))
        return f"{text} {_still_shown(record, t)}"
    if word is Freshness.NEEDS_KEY:
        return t(
            "The provider answers only to those who have a key, and none is set. Nothing has "
            "failed."
        )
    if word is Freshness.PAUSED:
        text = t("No run is planned.")
        return f"{text} {_still_shown(record, t)}" if held else text
    if word is Freshness.NEW:
        if record.older:
            return t("Releases of the past were loaded; the newest one has not been read yet.")
        text = t("It has not been read yet.")
        return f"{text} {t('A reviewed table is shown.')}" if held else text
    return t("The last run succeeded.")


def failure_words(error_class: str, t: Translator) -> str:
    """What sort of error stopped a run, for who does not read its message; empty where no more is
    known than that it stopped. `error_class`: of `ingest.errors`, as the run keeps it."""
    words = {
        "FetchError": t("The provider could not be reached, or refused to answer."),
        "ContractError": t("The provider answered in another form than it documents."),
        "ParseError": t("A value of the answer could not be read."),
        "ValidationFailed": t("The answer did not pass the checks, so nothing of it was loaded."),
        "ConfigErrors": t("A file of the configuration is not valid."),
    }
    return words.get(error_class, "")


def _still_shown(record: SourceRecord, t: Translator) -> str:
    if record.observations == 0:
        return t("There is no earlier data to show.")
    if record.last_success is None and record.older:
        return t("Releases of the past are shown until the provider has been read.")
    if record.last_success is None:
        return t("A reviewed table is shown until the provider has been read.")
    return t("The last good data, read on {when}, is shown.", when=moment(record.last_success, t))


def moment(when: datetime, t: Translator) -> str:
    """Day and time, UTC: `21 November 2026, 04:27`."""
    return f"{day(when.date(), t.locale)}, {when:%H:%M}"


def late_notice(store: Store, name: str, t: Translator) -> html.P:
    """Above a chart: what is the matter with one of its sources."""
    return html.P(
        [
            freshness_badge(store.freshness(name), t),
            " ",
            html.A(
                store.catalog.sources[name].name[t.language],
                href=addresses.source(t.language, name),
            ),
            ". ",
            state_sentence(store, name, t),
        ],
        className="notice",
    )


def kind_words(kind: str, t: Translator) -> str:
    """What sort of document states a figure, by how near it is to the provider."""
    words = {
        "provider-file": t("provider's file"),
        "provider-page": t("provider's page"),
        "copy": t("copy kept by another site"),
        "press": t("through the press"),
        "compilation": t("researcher's compilation"),
        "calculation": t("own calculation"),
    }
    return words[kind]


def precision_words(document: Document, t: Translator) -> str:
    """How well the day of a document's publication is known; empty where it is known."""
    words = {
        "day": "",
        "month": t("only the month is known"),
        "no-later-than": t("published no later than this day"),
        "no-earlier-than": t("published no earlier than this day"),
        "unknown": t("date of publication unknown"),
    }
    return words[document.published_precision]


def source_block(
    store: Store, shown: Sequence[Observation], source_ids: Iterable[str], t: Translator
) -> list[Any]:
    """One entry per source shown: provider, licence, state, caveats, and its documents."""
    return [_source(store, name, shown, t) for name in dict.fromkeys(source_ids)]


def _source(store: Store, name: str, shown: Sequence[Observation], t: Translator) -> html.Div:
    catalog = store.catalog
    source, provider = catalog.sources[name], catalog.provider_of(name)
    licence = provider.licence
    mine = [o for o in shown if o.series.source == name]
    documents = _documents(catalog, mine)
    published = [o.published_on for o in mine if o.published_on]
    title: Any = source.name[t.language]
    if source.url:
        title = html.A(title, href=source.url, rel="external")
    licence_name: Any = licence.name[t.language]
    if licence.url:
        licence_name = html.A(licence_name, href=licence.url, rel="external license")
    return html.Div(
        [
            html.H3([title, " ", freshness_note(store, name, t)]),
            html.P(
                html.A(t("Runs and files of this source"), href=addresses.source(t.language, name)),
                className="origin on-screen",
            ),
            html.P(
                [
                    f"{provider.name[t.language]}. ",
                    t("Newest release shown: {day}.", day=day(max(published), t.locale)) + " "
                    if published
                    else "",
                    t("Licence:"),
                    " ",
                    licence_name,
                    "" if licence.verified else f" ({t('not verified')})",
                    ". ",
                    t("Cite as:"),
                    " ",
                    html.Q(licence.cite, lang="en"),
                ]
            ),
            *(html.P(caveat[t.language], className="caveat") for caveat in source.caveats),
            _document_list(documents, t),
        ],
        className="source",
    )


def _documents(catalog: Catalog, shown: Sequence[Observation]) -> list[Document]:
    ids = dict.fromkeys(o.evidence for o in shown if o.evidence)
    return [catalog.documents[name] for name in ids if name in catalog.documents]


def _document_list(documents: Sequence[Document], t: Translator) -> html.Details | None:
    if not documents:
        return None
    items = []
    for document in documents:
        title: Any = html.Span(document.title, lang="en")
        if document.url:
            title = html.A(title, href=document.url, rel="external")
        words = [kind_words(document.kind, t), document.issuer, precision_words(document, t)]
        detail = "; ".join(word for word in words if word)
        badge = html.Span(t("secondary"), className="badge warn") if document.secondary else None
        items.append(html.Li([title, f" ({detail}) ", badge]))
    count = t.n("Evidence: {n} document", "Evidence: {n} documents", len(items))
    return html.Details([html.Summary(count), html.Ul(items)])


def unverified(catalog: Catalog, observation: Observation) -> bool:
    """Whether a figure was read elsewhere than with its provider, or is marked as not validated."""
    document = catalog.documents.get(observation.evidence or "")
    return observation.obs_status in {"U", "V"} or bool(document and document.secondary)


def with_signs(catalog: Catalog, observation: Observation, text: str, t: Translator) -> Any:
    """A value in a table with its status and †; the legends below the table explain both."""
    signs = "" if observation.obs_status == "A" else observation.obs_status
    signs += "†" if unverified(catalog, observation) else ""
    words = labels.status_words(observation.obs_status, t)
    return [text, " ", html.Sup(signs, title=words or None)] if signs else text


def unverified_legend(
    catalog: Catalog, shown: Iterable[Observation], t: Translator
) -> html.P | None:
    """What † says, where the table has one."""
    if not any(unverified(catalog, o) for o in shown):
        return None
    text = t("Not read with the provider itself, or not verified: see the evidence under Sources.")
    return html.P(f"† {text}", className="legend")


def status_legend(shown: Sequence[Observation], t: Translator) -> html.P | None:
    """The letters of observation status that the table uses, in words."""
    codes = sorted({o.obs_status for o in shown} - {"A"})
    if not codes:
        return None
    text = "; ".join(f"{code}: {labels.status_words(code, t)}" for code in codes)
    return html.P(text + ".", className="legend")
