"""TRUST.md T10: JSON that some reader behind us could not hold, or would read differently."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.web.strict_json import MAX_DEPTH, BadJson, read_json

REFUSED = {
    "nothing": b"",
    "NaN": b'{"total": NaN}',
    "infinity": b"[Infinity]",
    "minus infinity": b"[-Infinity]",
    "a number beyond doubles": b"[1e400]",
    "NUL": b'["\\u0000"]',
    "NUL in a key": b'{"a\\u0000b": 1}',
    "NUL after an escaped backslash": b'["\\\\\\u0000"]',
    "a raw NUL": b'["\x00"]',
    "a lone surrogate": b'["\\ud800"]',
    "a lone low surrogate": b'["\\udc00"]',
    "a surrogate in UTF-8": b'["\xed\xa0\x80"]',
    "broken UTF-8": b'["\xff"]',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice, deep": b'[{"x": {"b": [1], "b": [1]}}]',
    "a key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "a trailing comma": b"[1,]",
    "a comment": b"[1] // one",
    "single quotes": b"{'a': 1}",
    "a leading zero": b"[01]",
    "a plus": b"[+1]",
    "two documents": b"{} {}",
    "an open end": b'{"a": [1, 2',
    "a raw line end in a text": b'["a\nb"]',
    "too deep": b"[" * 65 + b"]" * 65,
    "too deep in objects": b'{"a":' * 65 + b"1" + b"}" * 65,
    "a hundred thousand levels": b"[" * 100_000,
}
ACCEPTED = {
    "the deepest": b"[" * 64 + b"]" * 64,
    "wide but flat": b"[" + b",".join([b"[]"] * 500) + b"]",
    "an escaped backslash before u0000": b'["\\\\u0000"]',
    "a text that looks like a key": b'{"a": "\\": 1", "b": ": "}',
    "the same key in two objects": b'[{"a": 1}, {"a": 2}]',
    "an escaped key": b'{"\\u0061": 1, "b": 2}',
    "a surrogate pair": b'["\\ud83d\\uded2"]',
    "spaces before colons": b'{"a" : 1, "b"\n:\t2}',
    "escaped slashes": b'{"a": "https:\\/\\/example.com"}',
    "a lone value": b"null",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_refused(body: bytes) -> None:
    with pytest.raises(BadJson) as told:
        read_json(body)
    assert told.value.status == 400
    assert told.value.detail.endswith(".")


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(body: bytes) -> None:
    assert read_json(body) == json.loads(body)


def test_the_repeated_key_is_named() -> None:
    with pytest.raises(BadJson, match="'total' stands twice"):
        read_json(b'{"order": {"total": 1, "total": 2}}')


def test_depth_is_counted_where_it_is_deepest() -> None:
    deep = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    with pytest.raises(BadJson, match="levels deep"):
        read_json(f'{{"a": 1, "b": [{deep}]}}'.encode())


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(
        exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(
        exclude_categories=["Cs"], exclude_characters="\0")), inner),
)  # fmt: skip


@given(_VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_whatever_json_writes_is_read_back(value: object, escaped: bool, indent: int) -> None:
    body = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    assert read_json(body) == value


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), _VALUES)
def test_a_key_given_twice_is_always_seen(key: str, value: object) -> None:
    pair = f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
    with pytest.raises(BadJson):
        read_json(f"{{{pair}, {pair}}}".encode())


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read_json(body)
    except BadJson:
        return


def test_a_body_of_the_largest_size_is_refused_fast_however_it_is_built() -> None:
    started = time.process_time()
    for body in (
        b"[" * 2**20,
        b'{"a":' * 200_000,
        b'"\\' + b"\\\\" * 500_000,
        b'["' + b"\\" * 2**20,
    ):
        with pytest.raises(BadJson):
            read_json(body)
    assert time.process_time() - started < 5
