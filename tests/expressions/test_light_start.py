"""An installation pays only for what its texts use."""

import subprocess
import sys

_PROGRAM = """
import sys
from cartwheel.expressions.rules import compile_rules
from cartwheel.expressions.texts import compile_text
compile_text("Hello {{ name }}").render({"name": "Ann"})
rule = {"field": "a", "operator": ">", "value": "{{ b }}"}
compile_rules({"rules": [rule]}).judge({"a": 2, "b": 1})
heavy = {"liquid", "babel", "re2", "dateutil", "pytz"}
print(sorted(heavy & set(sys.modules)))
"""


def test_plain_texts_and_conditions_load_no_library() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "[]"
