"""What the owner sets is understood before anything starts, or refused by its name."""

import re

import pytest

from cartwheel.cli import main
from cartwheel.errors import CommandRefused
from cartwheel.settings import load_settings
from cartwheel.supervision.listening import listen

KEY = "QUJD" * 10 + "QUI="


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARTWHEEL_LOG", "xml"),
        ("CARTWHEEL_LOG_LEVEL", "loud"),
        ("CARTWHEEL_LATE_AFTER_SECONDS", "soon"),
        ("CARTWHEEL_LATE_AFTER_SECONDS", "-1"),
        ("CARTWHEEL_LATE_AFTER_SECONDS", "nan"),
        ("CARTWHEEL_MB_IN_HAND", "0"),
        ("CARTWHEEL_MB_IN_HAND", "a few"),
        ("CARTWHEEL_MB_IN_HAND", "٣"),
        ("CARTWHEEL_LATE_AFTER_SECONDS", "٣"),
        ("CARTWHEEL_PUBLIC_URL", "flows.example.com"),
        ("CARTWHEEL_PUBLIC_URL", "flows.example.com:8400"),
        ("CARTWHEEL_PUBLIC_URL", "https://"),
        ("CARTWHEEL_PUBLIC_URL", "https://flows.example.com:http"),
        ("CARTWHEEL_PUBLIC_URL", "https://[flows"),
        ("CARTWHEEL_PUBLIC_URL", "https://flows.example.com/?a=1"),
        ("CARTWHEEL_TRUSTED_PROXIES", "caddy"),
        ("CARTWHEEL_TRUSTED_PROXIES", "10.0.0.1/99"),
        ("CARTWHEEL_ALLOW_PRIVATE", "erp.local"),
        ("CARTWHEEL_ALLOW_PRIVATE", "http://erp.local:80"),
        ("CARTWHEEL_ALLOW_PRIVATE", "erp.local:70000"),
        ("CARTWHEEL_ALLOW_PRIVATE", ":80"),
    ],
)
def test_a_setting_that_is_none_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(CommandRefused, match=f"{name} must be .*{re.escape(repr(value))}"):
        load_settings({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARTWHEEL_DATABASE_URL", "mysql://shop:hush-hush@db/cartwheel"),
        ("CARTWHEEL_DATABASE_URL", "hush-hush"),
        ("CARTWHEEL_DATABASE_URL", "postgresql://"),
        ("CARTWHEEL_DATABASE_URL", "postgresql://shop:hush-hush@[::1/cartwheel"),
        ("CARTWHEEL_DATABASE_URL", "postgresql://shop:hush-hush@db1:5432,db2:99999/cartwheel"),
        ("CARTWHEEL_DATABASE_URL", "sqlite://hush-hush"),
        ("CARTWHEEL_DATABASE_URL", "sqlite:///"),
        ("CARTWHEEL_REDIS_URL", "hush-hush"),
        ("CARTWHEEL_REDIS_URL", "http://:hush-hush@redis:6379"),
        ("CARTWHEEL_REDIS_URL", "redis://:hush-hush@redis:6379/first"),
        ("CARTWHEEL_REDIS_URL", "redis://:hush-hush@redis:99999"),
        ("CARTWHEEL_REDIS_URL", "redis://:hush-hush@redis:six"),
        ("CARTWHEEL_REDIS_URL", "redis://:hush-hush@[::1"),
        ("CARTWHEEL_SECRET_KEY", "hush-hush"),
        ("CARTWHEEL_SECRET_KEY", KEY + "QUJD"),
    ],
)
def test_what_may_hold_a_password_is_refused_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(CommandRefused) as refusal:
        load_settings({name: value})

    assert str(refusal.value).startswith(f"{name} must ")
    assert "hush-hush" not in str(refusal.value)


def test_what_can_be_right_is_taken() -> None:
    settings = load_settings(
        {
            "CARTWHEEL_DATABASE_URL": "postgres://shop:p%40ss@db1:5432,db2:5432/cartwheel",
            "CARTWHEEL_REDIS_URL": "rediss://:secret@redis:6380/",
            "CARTWHEEL_PUBLIC_URL": "https://flows.example.com/",
            "CARTWHEEL_TRUSTED_PROXIES": "10.0.0.7, 172.16.0.0/12 ::1 *",
            "CARTWHEEL_ALLOW_PRIVATE": "erp.local:8080,[::1]:80",
            "CARTWHEEL_SECRET_KEY": KEY,
        }
    )

    assert settings.database_url == "postgresql://shop:p%40ss@db1:5432,db2:5432/cartwheel"
    assert settings.redis_url == "rediss://:secret@redis:6380"
    assert settings.base_url == "https://flows.example.com"
    assert settings.trusted_proxies == ("10.0.0.7", "172.16.0.0/12", "::1", "*")
    assert settings.allow_private == {"erp.local:8080", "[::1]:80"}


@pytest.mark.parametrize("pair", ["-x:80", "a..b:80", "[::zz]:80", "1.2.3.4.5:80"])
def test_a_pair_that_only_the_guard_can_judge_is_refused_before_anything_starts(
    pair: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARTWHEEL_ALLOW_PRIVATE", f"erp.local:8080 {pair}")
    assert main(["up"]) == 1
    assert f"CARTWHEEL_ALLOW_PRIVATE: “{pair}” is not of the form" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "-1", "80a", "٣", "9" * 5000])
def test_a_port_that_is_none_is_refused(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARTWHEEL_PORT", port)
    assert main(["up"]) == 1
    assert "is no port. Choose a number from 1 to 65535." in capsys.readouterr().err


@pytest.mark.parametrize("host", ["a..b", "9" * 300])
def test_a_host_that_is_no_name_is_refused(host: str) -> None:
    with pytest.raises(CommandRefused, match="This machine has no address"):
        listen(host, 8400)


@pytest.mark.parametrize(
    "url", ["redis://redis:6379/0", "redis://redis", "unix:///run/redis.sock", "redis://r/1?x=y"]
)
def test_every_form_of_a_redis_is_taken(url: str) -> None:
    assert load_settings({"CARTWHEEL_REDIS_URL": url}).redis_url == url
