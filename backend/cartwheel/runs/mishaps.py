"""What a merchant reads when a step came to grief through nobody's setting."""

from cartwheel.runs.tokens import OUTCOME_UNKNOWN, Failure

NO_NODE_TYPE = Failure("unknown_node_type", "This kind of step is not installed here.")
OUR_BUG = Failure(
    "internal",
    "Something went wrong inside Cartwheel while this step ran.",
    "Retry the run; if it happens again, report it with the number of the run.",
)
NOBODY_KNOWS = Failure(
    OUTCOME_UNKNOWN,
    "The connection broke while this step was acting, so nobody here knows whether it happened.",
    "Look at the other side, then retry the step or go on without it.",
)
