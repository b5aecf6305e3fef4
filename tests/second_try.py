"""A failed test is tried once more, with nothing of the first try left: see decision 0035.

`pytest-rerunfailures` keeps what tests share, and so the second try meets the orders, workflows and
people that the first one made. Here all of it is started anew.
"""

import pytest
from _pytest.runner import runtestprotocol

TRIED = pytest.StashKey[bool]()
MOST = 10
"""Of one process: where more tests fail, it is no race."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--second-try", action="store_true", help="try a failed test once more")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Nothing to say for a second try: it runs as tests commonly do."""
    if not item.config.getoption("--second-try") or item.stash.get(TRIED, False):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    again = any(report.failed for report in reports) and _may_try_again(item.session)
    for report in reports:
        if again and report.failed:
            report.outcome = "rerun"  # type: ignore[assignment] # reporters know this one too
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    if again:
        item.stash[TRIED] = True
        item.session._setupstate.teardown_exact(None)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=nextitem)
    return True


_second_tries = pytest.StashKey[int]()


def _may_try_again(session: pytest.Session) -> bool:
    session.stash[_second_tries] = tries = session.stash.get(_second_tries, 0) + 1
    return tries <= MOST


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Counted apart from failures."""
    return ("rerun", "R", "SECOND TRY") if str(report.outcome) == "rerun" else None


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test that was tried again said the first time: a defect to mend."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
