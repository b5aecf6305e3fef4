"""What is said to a browser does not depend on the database; only health is asked of both."""

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on SQLite alone."""
    if "database_url" in metafunc.fixturenames and "test_health" not in metafunc.module.__name__:
        metafunc.parametrize("database_url", ["sqlite"], indirect=True)
