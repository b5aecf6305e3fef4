"""The rules of docs/decisions/0004-engine.md, one by one."""

from tests.engine.drawing import Behaviour, draw

BUSY = draw(
    "t > a",
    "t > b",
    "a > j",
    "b > j",
    "j.body > x > y",
    "j > z",
    j=Behaviour("each", times=3, parallel=2),
    joins={},
)
