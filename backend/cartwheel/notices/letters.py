"""What letters about troubles say, in their reader's language. Pure.

Sentences are formed so that they need no plural: a letter says "12 of 43" in any language.
"""

from collections.abc import Iterator
from html import escape

from cartwheel.clock import from_ms
from cartwheel.languages import ENGLISH, said
from cartwheel.notices.evidence import Cause, Evidence
from cartwheel.notices.troubles import Trouble, TroubleKind
from cartwheel.values import dataclass

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject, and a text in paragraphs."""

    subject: str
    text: str

    @property
    def body(self) -> str:
        """The text as an e-mail step's settings hold one: nothing in it is a tag."""
        return escape(self.text, quote=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble and what is behind it; a connection needs no evidence."""

    trouble: Trouble
    evidence: Evidence | None = None


def compose(told: tuple[Told, ...], shop: str, base_url: str, language: str) -> Letter:
    """One letter about all of these."""
    lines: list[str] = []
    for each in told[:MOST_NAMED]:
        lines += _paragraphs(each, base_url, language)
    if len(told) > MOST_NAMED:
        words = said("And more: {0} in all. You see them here: {1}", language)
        lines.append(_filled(words, len(told), f"{base_url}/workflows"))
    if any(each.evidence for each in told):
        lines.append(said(_NOTHING_LOST, language))
    return Letter(_subject(told, language), _letter(lines, shop, base_url, language))


def compose_test(shop: str, base_url: str, language: str) -> Letter:
    """A letter that only shows that letters arrive."""
    text = said("This is a test. Letters about failures would reach you here.", language)
    subject = said("A test letter from Cartwheel", language)
    return Letter(subject, _letter([text], shop, base_url, language))


_NOTHING_LOST = (
    "Nothing is lost: what these runs had done before stays done and is not done again, and new "
    "events are still taken in. Once the cause is mended, let the runs go on from the step that "
    "failed, each on its page or all of them in the list of runs."
)
_STOP = "You are told at once and then once a day while it lasts. Change or stop these letters: {0}"


def _letter(lines: list[str], shop: str, base_url: str, language: str) -> str:
    stop = _filled(said(_STOP, language), f"{base_url}/settings#letters")
    return "\n\n".join([*lines, f"– {shop}", stop])


def _subject(told: tuple[Told, ...], language: str) -> str:
    first = told[0].trouble
    if len(told) > 1:
        words = _filled(said("“{0}” and more need you", language), _line(first.name))
    elif first.kind is TroubleKind.CONNECTION:
        words = _filled(said("“{0}” is not accepted any more", language), _line(first.name))
    else:
        words = _filled(said("“{0}” fails", language), _line(first.name))
    if all(each.trouble.is_reminder for each in told):
        return _filled(said("Reminder: {0}", language), words)
    return words


def _paragraphs(told: Told, base_url: str, language: str) -> Iterator[str]:
    trouble = told.trouble
    since = ""
    if trouble.is_reminder:
        words = said("You were first told on {0}.", language)
        since = " " + _filled(words, f"{from_ms(trouble.since):%Y-%m-%d %H:%M} UTC")
    if told.evidence is None:
        yield _filled(said(_REFUSED, language), _line(trouble.name)) + since
        if trouble.words:
            yield "\n".join(said(line, language) for line in trouble.words.split("\n"))
        yield _filled(said("Connect it again: {0}", language), f"{base_url}/connections")
        return
    counts = said("“{0}”: of {2} runs within the last hour, {1} failed.", language)
    yield _filled(counts, _line(trouble.name), trouble.failed, told.evidence.of_runs) + since
    for cause in told.evidence.causes:
        yield _why(cause, base_url, language)
    if told.evidence.is_in_doubt:
        yield said(_IN_DOUBT, language)
    link = f"{base_url}/runs?workflow={trouble.subject_id}&status=failed"
    yield _filled(said("All that failed: {0}", language), link)


_REFUSED = (
    "“{0}” does not accept what Cartwheel signs in with any more. Steps that need it wait, and go "
    "on by themselves as soon as it is connected again."
)
_IN_DOUBT = (
    "Of some of them nobody knows whether their last message or call arrived. Look at the other "
    "side before you let them go on."
)


def _why(cause: Cause, base_url: str, language: str) -> str:
    words = [said(part, language) for part in (cause.message, cause.fix) if part]
    step = cause.step.get(language) or cause.step.get(ENGLISH)
    if step:
        words.insert(0, _filled(said("At the step “{0}”:", language), _line(step)))
    link = _filled(said("The newest: {0}", language), f"{base_url}/runs/{cause.run_id}")
    return f"{' '.join(words)}\n{link}"


def _filled(form: str, *values: object) -> str:
    """Each `{n}` once, so that a name with braces in it stays as it is."""
    parts: list[str] = []
    rest = form
    while "{" in rest:
        before, _, rest = rest.partition("{")
        number, _, rest = rest.partition("}")
        parts += [before, str(values[int(number)])]
    return "".join([*parts, rest])


def _line(text: str) -> str:
    return " ".join(text.split())[:120]
