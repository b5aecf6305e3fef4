"""`dataclass` for the values of hot paths: frozen for whoever reads and checks the code, not at
run time.

A run makes some two hundred values. `dataclasses` lets a frozen one be made field by field through
`object.__setattr__`, which costs several times as much as the plain assignment, a tenth of all the
work of a worker (benchmarks/throughput.md). mypy sees the standard decorator here and refuses every
assignment, as it does everywhere else.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool = False, **options: Any) -> Callable[[type], type]:
        """`@dataclass(frozen=True, slots=True)`, made by plain assignment."""
        return dataclasses.dataclass(unsafe_hash=frozen, **options)


__all__ = ["dataclass"]
