"""An e-mail's two forms."""

import pytest

from node_catalog.apps.smtp.bodies import both_forms


def test_plain_text_becomes_paragraphs() -> None:
    text, html = both_forms("Hi Lena,\n\nthank you.\nBye")
    assert text == "Hi Lena,\n\nthank you.\nBye"
    assert html == "<p>Hi Lena,</p>\n<p>thank you.<br>\nBye</p>"


def test_values_that_were_escaped_are_shown_as_they_were() -> None:
    text, html = both_forms("Hi Tom &amp; &lt;b&gt;Ann&lt;/b&gt;")
    assert text == "Hi Tom & <b>Ann</b>"
    assert html == "<p>Hi Tom &amp; &lt;b&gt;Ann&lt;/b&gt;</p>"


@pytest.mark.parametrize("body", ["1 < 2 and 3 > 2", "a <- b", "I <3 tea"])
def test_a_bracket_alone_makes_no_html(body: str) -> None:
    assert both_forms(body)[0] == body


def test_html_is_left_as_written() -> None:
    body = "<h1>Hello</h1><p>One<br>two</p>"
    assert both_forms(body)[1] == body


def test_html_is_read_out_line_by_line() -> None:
    body = "<h1>Hello</h1>\n<p>One<br>two</p><ul><li>a</li><li>b</li></ul>"
    assert both_forms(body)[0] == "Hello\n\nOne\ntwo\n\n- a\n- b"


def test_a_link_keeps_where_it_leads() -> None:
    assert both_forms('See <a href="https://x.y">here</a>.')[0] == "See here (https://x.y)."


@pytest.mark.parametrize("tag", ["style", "script", "title"])
def test_what_nobody_sees_is_not_read_out(tag: str) -> None:
    assert both_forms(f"<{tag}>hidden</{tag}><p>seen</p>")[0] == "seen"


@pytest.mark.parametrize("body", ["<p>", "</p></a>", "<a>x", "<b", "<!-- <p>", "<p><style>"])
def test_broken_html_breaks_nothing(body: str) -> None:
    assert isinstance(both_forms(body)[0], str)
