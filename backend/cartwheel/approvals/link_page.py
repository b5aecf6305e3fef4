"""The page behind a link, as HTML. Pure; everything that people wrote is escaped."""

from dataclasses import dataclass
from html import escape

from cartwheel.approvals.letters import written
from cartwheel.languages import reader, said

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --dim: #5b6675; --line: #d5dae1;
  --paper: #fff; --ground: #f4f5f7; --yes: #0b6e4f; --no: #a32020; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --dim: #a2adba; --line: #3a4350;
  --paper: #1e242c; --ground: #14181d; --yes: #168a66; --no: #ef8080; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 2rem auto; padding: 1.5rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 12px; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; overflow-wrap: anywhere; }
.shop, .dim { color: var(--dim); font-size: .95rem; margin: 0 0 .5rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1rem; }
.end { border-left: 4px solid var(--line); padding: .25rem .75rem; margin: 1rem 0 0; }
label { display: block; margin: .5rem 0; }
textarea { width: 100%; min-height: 5rem; font: inherit; color: inherit; padding: .6rem;
  background: var(--ground); border: 1px solid var(--dim); border-radius: 8px; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
button { flex: 1 1 9rem; min-height: 3rem; font: inherit; font-weight: 600; border-radius: 8px;
  border: 2px solid var(--yes); background: var(--yes); color: #fff; cursor: pointer; }
button.no { background: transparent; color: var(--no); border-color: var(--no); }
:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
@media (max-width: 40rem) { main { margin: 0; border: 0; border-radius: 0; min-height: 100vh; } }
"""


@dataclass(frozen=True, slots=True)
class PageContent:
    """What the page shows. `end` says why there is nothing to decide (any more)."""

    kind: str
    title: str
    text: str
    shop: str
    to: str
    due_at: int | None
    items: tuple[str, ...]
    is_open: bool
    said: str | None
    end: str | None


def page(content: PageContent) -> str:
    """The whole page in the reader's language."""
    parts = [
        f'<p class="shop">{escape(content.shop)}</p>',
        f"<h1>{escape(content.title)}</h1>",
        f'<p class="text">{escape(content.text)}</p>' if content.text.strip() else "",
        _due(content),
        _form(content) if content.is_open else "",
        f'<p class="end" role="status">{escape(said(content.end))}</p>' if content.end else "",
    ]
    return _document(content.title, parts)


def refusal_page(words: str) -> str:
    """Why there is no page, for whoever followed a link."""
    title = said("There is nothing to decide here")
    return _document(title, [f"<h1>{escape(title)}</h1>", f"<p>{escape(said(words))}</p>"])


def _document(title: str, parts: list[str]) -> str:
    return (
        f'<!doctype html><html lang="{reader.get()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _due(content: PageContent) -> str:
    lines = [said("Asked of {0}.").format(content.to)]
    if content.due_at is not None and content.is_open:
        lines.append(said(f"Until {written(content.due_at)}."))
    return f'<p class="dim">{escape(" ".join(lines))}</p>'


def _form(content: PageContent) -> str:
    points = "".join(
        f'<label><input type="checkbox" required> {escape(item)}</label>' for item in content.items
    )
    label = escape(said("Comment (if you refuse, please say why)"))
    if content.kind == "task":
        label = escape(said("Comment"))
        buttons = _button("done", "Done")
    else:
        buttons = _button("approved", "Approve") + _button("refused", "Refuse", "no")
    return (
        f'<form method="post">{points}<label for="comment">{label}</label>'
        '<textarea id="comment" name="comment" maxlength="2000"></textarea>'
        f'<div class="buttons">{buttons}</div></form>'
    )


def _button(decision: str, word: str, style: str = "yes") -> str:
    return (
        f'<button class="{style}" name="decision" value="{decision}">{escape(said(word))}</button>'
    )
