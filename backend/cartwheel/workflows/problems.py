"""What can be wrong with a graph, pinned to the step and the setting where it is wrong."""

from dataclasses import dataclass
from enum import StrEnum

from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json


class Severity(StrEnum):
    """An error stands in the way of switching on; a warning only asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


class ProblemCode(StrEnum):
    """The stable name of each kind of problem; `docs/problems.md` explains every one."""

    BAD_GRAPH = "bad_graph"
    BAD_NODE = "bad_node"
    BAD_EDGE = "bad_edge"
    TOO_MANY_NODES = "too_many_nodes"
    TOO_MANY_EDGES = "too_many_edges"
    CONFIG_TOO_LARGE = "config_too_large"
    DUPLICATE_ID = "duplicate_id"
    DANGLING_EDGE = "dangling_edge"
    DUPLICATE_EDGE = "duplicate_edge"
    NO_TRIGGER = "no_trigger"
    SEVERAL_TRIGGERS = "several_triggers"
    NO_STEPS = "no_steps"
    UNREACHABLE = "unreachable"
    CYCLE = "cycle"
    SHARED_BODY = "shared_body"
    JOIN_IMPOSSIBLE = "join_impossible"
    WRONG_PORT = "wrong_port"
    UNKNOWN_NODE_TYPE = "unknown_node_type"
    MISSING_SETTING = "missing_setting"
    BAD_SETTING = "bad_setting"
    BAD_TEMPLATE = "bad_template"
    BAD_RULES = "bad_rules"
    BAD_ENTRY = "bad_entry"
    UNKNOWN_VARIABLE = "unknown_variable"
    NOT_A_LIST = "not_a_list"
    CASES_OVERLAP = "cases_overlap"
    MAY_NOT_HAVE_RUN = "may_not_have_run"
    MAY_BE_EMPTY = "may_be_empty"
    MISSING_CONNECTION = "missing_connection"
    SANDBOX_IN_USE = "sandbox_in_use"
    UNKNOWN_WORKFLOW = "unknown_workflow"
    NOT_CALLABLE = "not_callable"
    CALLS_ITSELF = "calls_itself"
    UNKNOWN_TABLE = "unknown_table"
    UNKNOWN_COLUMN = "unknown_column"
    BAD_CELL = "bad_cell"
    MISSING_KEY = "missing_key"
    NO_APPROVER = "no_approver"
    TOO_FEW_APPROVERS = "too_few_approvers"
    APPROVER_UNREACHABLE = "approver_unreachable"
    CHANNEL_MISSING = "channel_missing"
    DEADLINE_IMPOSSIBLE = "deadline_impossible"
    REMINDER_IMPOSSIBLE = "reminder_impossible"


@dataclass(frozen=True, slots=True)
class GraphProblem:
    """One thing to mend.

    `node_id` is None when the whole graph is meant; `field` is a JSON pointer into the node's
    config ("" for the whole config) or None. `message` and `fix` are a merchant's sentences.
    """

    code: ProblemCode
    message: str
    fix: str | None = None
    node_id: str | None = None
    field: str | None = None
    severity: Severity = Severity.ERROR


def problem_json(problem: GraphProblem) -> dict[str, Json]:
    """The problem as the API shows it."""
    return {
        "code": problem.code.value,
        "severity": problem.severity.value,
        "node_id": problem.node_id,
        "field": problem.field,
        "message": problem.message,
        "fix": problem.fix,
    }


class GraphError(Invalid):
    """This cannot be read as a workflow; `problems` says all that is wrong with its form."""

    code = "invalid_graph"

    def __init__(self, problems: tuple[GraphProblem, ...]) -> None:
        super().__init__(problems[0].message, problems=[problem_json(each) for each in problems])
        self.problems = problems
