"""What one run in hand waits for outside of itself, gathered until it is written down."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cartwheel.clock import now_ms
from cartwheel.runs.asked import awaits_person
from cartwheel.runs.asking import asked_row
from cartwheel.runs.attending import waits_outside
from cartwheel.runs.awaited import awaits_event
from cartwheel.runs.awaiting import awaited_rows
from cartwheel.runs.recorder import TokenChanges
from cartwheel.runs.rows import AskedRow, AwaitedRow
from cartwheel.runs.tokens import Outcome, Token

Look = Callable[[Sequence[Token]], Awaitable[Sequence[Outcome]]]
"""Says what has come for tokens whose waits stand in the book; see `Attendant.look`."""


@dataclass(slots=True)
class Listening:
    """Costs nothing where no token waits for an event, a person or a call."""

    run_id: str
    look: Look
    is_called: bool = False
    _began: dict[int, list[AwaitedRow]] = field(default_factory=dict)
    _over: set[int] = field(default_factory=set)
    _asked: dict[int, AskedRow] = field(default_factory=dict)
    _asking: set[int] = field(default_factory=set)
    _unasked: set[int] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    _looked: set[int] = field(default_factory=set)

    @property
    def is_waiting(self) -> bool:
        return bool(self._waiting)

    def note(self, changes: TokenChanges) -> None:
        """Waits that begin and end with these changes."""
        for token in changes.put:
            if waits_outside(token):
                self._waiting.add(token.id)
                self._begin(token)
            elif token.id in self._waiting:
                self._end(token.id)
        for token_id in self._waiting.intersection(changes.gone):
            self._end(token_id)

    def remember(self, tokens: Iterable[Token]) -> None:
        """Tokens whose waits stand in the book already, and were looked at."""
        tokens = list(tokens)
        ids = [token.id for token in tokens]
        self._asking.update(token.id for token in tokens if awaits_person(token))
        self._waiting.update(ids)
        self._looked.update(ids)

    def unseen(self, tokens: Iterable[Token]) -> list[Token]:
        """Those of a run's tokens that nobody has looked at yet; from now on somebody has."""
        if not self._waiting - self._looked:
            return []
        unseen = [t for t in tokens if waits_outside(t) and t.id not in self._looked]
        self._looked.update(self._waiting)
        return unseen

    def begun(self) -> tuple[AwaitedRow, ...]:
        """The rows to write; asked once per commit."""
        rows = tuple(row for rows in self._began.values() for row in rows)
        self._began = {}
        return rows

    def over(self) -> tuple[int, ...]:
        """The tokens whose waits are to be taken away; asked once per commit."""
        ended, self._over = tuple(sorted(self._over)), set()
        return ended

    def asked(self) -> tuple[AskedRow, ...]:
        """What people are to be asked; asked once per commit."""
        rows, self._asked = tuple(self._asked.values()), {}
        return rows

    def unasked(self) -> tuple[int, ...]:
        """The tokens that wait for nobody any more; asked once per commit."""
        ended, self._unasked = tuple(sorted(self._unasked)), set()
        return ended

    def _begin(self, token: Token) -> None:
        if awaits_event(token):
            self._began[token.id] = awaited_rows(token, now_ms())
        elif awaits_person(token):
            self._asking.add(token.id)
            self._asked[token.id] = asked_row(self.run_id, token, now_ms())

    def _end(self, token_id: int) -> None:
        self._waiting.discard(token_id)
        if token_id in self._asking:
            self._asking.discard(token_id)
            if self._asked.pop(token_id, None) is None:
                self._unasked.add(token_id)
            return
        if self._began.pop(token_id, None) is None:
            self._over.add(token_id)
