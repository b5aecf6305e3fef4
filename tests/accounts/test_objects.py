"""The tests over every operation know how to make everything that the API names."""

from tests.accounts.objects import MAKERS, NO_OBJECTS
from tests.accounts.operations import operations


def test_every_path_parameter_has_a_maker() -> None:
    names = {name for operation in operations() for name in operation.in_path}
    unknown = names - set(MAKERS) - set(NO_OBJECTS)
    assert not unknown, (
        f"Nobody can tell whose things these are: {sorted(unknown)}. Say in "
        "tests/accounts/objects.py how to make one (MAKERS), or why it belongs to no workspace."
    )
