"""Who finds no room waits in line and is called; nobody's crowd takes the room of the others."""

from collections import Counter
from functools import partial
from itertools import product

import pytest

from cartwheel.outbound.doors import Doors, Way, address_of, way_of
from cartwheel.outbound.limits import LONGEST_COMING_SECONDS, LONGEST_SLEEP_SECONDS
from cartwheel.outbound.pace import ADDRESS_PACE, AT_ONCE_IN_THE_BEGINNING

NOW, HANDS = 1000.0, 256
SWIFT = "http://swift.example:80"
SILENT = "http://silent.example:80"
FIRST = ADDRESS_PACE.at_first


def crowd(doors: Doors, way: Way, number: int, called: list[str], name: str = "") -> int:
    """So many come one after the other; who finds no room goes to sleep. How many got in."""
    got_in = 0
    for each in range(number):
        who = f"{name}{each}"
        if doors.ask(way, who, NOW) == 0:
            got_in += 1
        else:
            doors.sleep(way, who, NOW)
            doors.wait(way, who, NOW, partial(called.append, who))
    return got_in


def test_an_address_without_a_connection_gets_a_few_calls_at_first() -> None:
    doors = Doors(HANDS)
    assert crowd(doors, way_of(1, SILENT, None), 300, []) == FIRST
    assert crowd(doors, way_of(1, SILENT, "a connection"), 300, []) == AT_ONCE_IN_THE_BEGINNING
    assert crowd(doors, way_of(2, SILENT, None), 1, []) == 1


def test_whoever_leaves_lets_the_first_in_line_in_and_nobody_before_him() -> None:
    doors, way, called = Doors(HANDS), way_of(1, SILENT, None), list[str]()
    crowd(doors, way, FIRST + 3, called)
    doors.leave(way, NOW)
    assert called == [str(FIRST)]
    assert doors.ask(way, "fresh", NOW) > 0
    assert doors.ask(way, str(FIRST), NOW) == 0


def test_a_line_is_slow_when_a_call_has_been_out_for_long_or_calls_take_long() -> None:
    doors, way = Doors(HANDS), way_of(1, SILENT, None)
    line = doors.line(way, NOW)
    call = line.begin(NOW)
    assert not line.is_slow(NOW + 0.9)
    assert line.is_slow(NOW + 1.1)
    line.end(call, NOW + 30, well=True)
    assert line.is_slow(NOW + 30), "by what is known of it"
    for number in range(60):
        line.end(line.begin(NOW + 30 + number), NOW + 30.1 + number, well=True)
    assert not line.is_slow(NOW + 90)
    assert line.is_moving(NOW + 90)
    assert not line.is_moving(NOW + 91)


def test_whoever_was_called_and_does_not_come_makes_room_for_the_next() -> None:
    doors, way, called = Doors(HANDS), way_of(1, SILENT, None), list[str]()
    crowd(doors, way, FIRST + 2, called)
    doors.leave(way, NOW)
    doors.call_next(NOW + LONGEST_COMING_SECONDS + 1)
    assert called == [str(FIRST), str(FIRST + 1)]


def test_whoever_was_called_keeps_the_quiet_that_was_asked_for_meanwhile() -> None:
    doors, way, called = Doors(HANDS), way_of(1, SILENT, "complains"), list[str]()
    got_in = crowd(doors, way, 100, called)
    doors.leave(way, NOW)
    doors.line(way, NOW).hold(5, NOW)
    assert doors.ask(way, called[0], NOW + 1) >= 4
    doors.ask(way, "fresh", NOW + 1)
    assert doors.line(way, NOW).held == got_in - 1


def test_whoever_will_not_come_is_no_longer_waited_for() -> None:
    doors, way, called = Doors(HANDS), way_of(1, SILENT, None), list[str]()
    crowd(doors, way, FIRST + 2, called)
    doors.forget(way, str(FIRST), NOW)
    doors.leave(way, NOW)
    assert called == [str(FIRST + 1)]
    doors.forget(way, str(FIRST + 1), NOW)
    assert doors.ask(way, "fresh", NOW) == 0
    doors.call_next(NOW)
    assert not doors.has_a_line


def test_who_sleeps_comes_by_himself_in_the_end_if_the_call_is_lost() -> None:
    doors, way = Doors(HANDS), way_of(1, SILENT, None)
    crowd(doors, way, FIRST, [])
    seconds = []
    for each in range(20_000):
        doors.ask(way, f"s{each}", NOW)
        seconds.append(doors.sleep(way, f"s{each}", NOW))
    assert seconds[0] >= 30
    assert seconds == sorted(seconds)
    assert seconds[-1] == LONGEST_SLEEP_SECONDS


def test_a_slow_connection_that_recovers_calls_those_who_sleep_at_once() -> None:
    """They had been promised a turn far away; the first success is enough."""
    doors, way, called = Doors(HANDS), way_of(1, SILENT, "slow"), list[str]()
    line = doors.line(way, NOW)
    got_in = crowd(doors, way, 100, called)
    for _ in range(got_in):
        line.end(line.begin(NOW), NOW + 30, well=False, answered=False)
        doors.leave(way, NOW + 30)
    assert called == [str(got_in + each) for each in range(got_in)]
    doors.ask(way, called[0], NOW + 30)
    line.end(line.begin(NOW + 30), NOW + 30.1, well=True)
    doors.leave(way, NOW + 30.1)
    assert len(called) == got_in + 2, "one in his place, and one more because it went well"


@pytest.mark.parametrize("workspaces", [1, 2, 5])
def test_silent_crowds_of_some_workspaces_leave_hands_for_newcomers(workspaces: int) -> None:
    doors = Doors(HANDS)
    got_in = _crowds_everywhere(doors, workspaces)
    assert max(got_in.values()) <= HANDS * 3 // 4
    for newcomer in range(1_000, 1_003):
        assert doors.ask(way_of(newcomer, SWIFT, None), "me", NOW) == 0


def test_where_silent_crowds_hold_all_that_calls_may_hold_a_newcomer_is_next() -> None:
    doors, called = Doors(HANDS), list[str]()
    got_in = _crowds_everywhere(doors, 16)
    assert got_in.total() <= HANDS * 7 / 8
    assert crowd(doors, way_of(1_000, SWIFT, None), 1, called, "newcomer") == 0
    for _ in range(1 + sum(not got_in[workspace_id] for workspace_id in range(16))):
        doors.leave(way_of(0, "http://h0:80", None), NOW)
    assert called == ["newcomer0"], "only those who hold nothing either may come before"


def _crowds_everywhere(doors: Doors, workspaces: int) -> Counter[int]:
    """Each workspace calls ten silent addresses, forty times each. How many got in."""
    got_in = Counter[int]()
    for host, workspace_id in product(range(10), range(workspaces)):
        way = way_of(workspace_id, f"http://h{host}:80", None)
        got_in[workspace_id] += crowd(doors, way, 40, [])
    return got_in


def test_one_address_that_many_workspaces_call_keeps_three_quarters_of_the_hands_at_most() -> None:
    doors = Doors(HANDS)
    got_in = sum(crowd(doors, way_of(shop, SILENT, f"c{shop}"), 10, []) for shop in range(100))
    assert got_in <= HANDS * 3 // 4
    assert doors.ask(way_of(0, SWIFT, None), "me", NOW) == 0


def test_room_goes_to_the_workspace_that_holds_less() -> None:
    """At an address that all hands allowed for it are at, a crowd does not pass its places on to
    its own next while another workspace waits."""
    doors, called = Doors(48), list[str]()
    greedy, modest = way_of(1, SILENT, "greedy"), way_of(2, SILENT, "modest")
    doors.line(greedy, NOW)._at_once = 64
    held = crowd(doors, greedy, 60, called, "greedy")
    crowd(doors, modest, 2, called, "modest")
    assert held == 32
    doors.leave(greedy, NOW)
    assert called == ["modest0"]


def test_addresses_are_told_apart_by_scheme_host_and_port() -> None:
    assert address_of("https://Shop.Example/a?b") == address_of("https://shop.example:443/")
    assert address_of("http://shop.example") != address_of("http://shop.example:8080")
    assert [address_of(each) for each in ("", "nonsense", "http://[", "http://a:b")] == [""] * 4
