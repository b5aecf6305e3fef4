"""What can be wrong with the variables in a step's texts and conditions. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.expressions.lookup import Path, write_path
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.rule_tree import ConstantUse
from cartwheel.expressions.texts import compile_text
from cartwheel.expressions.values import ValueType, as_number, schema_type
from cartwheel.expressions.variable import Variable
from cartwheel.workflows.chosen_values import Choice, choices_in, is_no_list
from cartwheel.workflows.elements import Node
from cartwheel.workflows.guesses import Guesses
from cartwheel.workflows.problems import GraphProblem, ProblemCode, Severity
from cartwheel.workflows.rule_trees import RuleTree, rule_trees
from cartwheel.workflows.shapes import Absent, Found
from cartwheel.workflows.sound_rules import sound_rules
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.view import View, view_from

_CONDITION = re.compile(r"\{%-?\s*(?:if|elsif|unless|case)\b(.*?)%\}", re.DOTALL)

_NUMBERS = (ValueType.NUMBER, ValueType.MONEY)


def reference_problems(typed: TypedGraph, node: Node, guesses: Guesses) -> Iterator[GraphProblem]:
    """Every fault in one step's texts and conditions, each place reported once."""
    reader = _Reader(typed, node, view_from(typed, node.id), guesses)
    seen: set[tuple[str | None, str]] = set()
    for problem in reader.problems():
        key = (problem.field, problem.message)
        if key not in seen:
            seen.add(key)
            yield problem


@dataclass(frozen=True, slots=True)
class _Reader:
    """One step and what it can see."""

    typed: TypedGraph
    node: Node
    view: View
    guesses: Guesses

    @property
    def kind(self) -> NodeType:
        return self.typed.types[self.node.id]

    def problems(self) -> Iterator[GraphProblem]:
        for field, source in self.kind.template_fields(self.node.config):
            yield from self._text_problems(field, source)
        for tree in rule_trees(self.kind, self.node):
            yield from self._rules_problems(tree)
        for choice in choices_in(self.kind, self.node.config):
            yield from self._choice_problems(choice)

    def _choice_problems(self, choice: Choice) -> Iterator[GraphProblem]:
        found = self.view.look_up(choice.path, through_lists=not choice.wants_list)
        if isinstance(found, Absent):
            yield self._unknown(choice.field, choice.path, choice.written, found)
        elif choice.wants_list and is_no_list(found.schema):
            message = f"“{choice.written}” is no list."
            fix = "Choose a list, such as order.line_items."
            yield self._problem(ProblemCode.NOT_A_LIST, choice.field, message, fix)

    # --- texts ---

    def _text_problems(self, field: str, source: str) -> Iterator[GraphProblem]:
        try:
            variables = compile_text(source).variables
        except TemplateError as error:
            yield self._problem(ProblemCode.BAD_TEMPLATE, field, error.message, "Correct the text.")
            return
        asked = _conditions_in(source)
        for variable in variables:
            found = self.view.look_up(variable.path)
            if isinstance(found, Absent):
                yield self._unknown(field, variable.path, variable.written, found)
            elif not (variable.has_default or variable.written in asked):
                yield from self._emptiness_problems(field, variable, found)

    def _emptiness_problems(
        self, field: str, variable: Variable, found: Found
    ) -> Iterator[GraphProblem]:
        written = variable.written
        fix = f'Say what to write instead: {{{{ {written} | default: "…" }}}}.'
        if not self.view.is_sure(variable.path):
            name = self.typed.name(variable.path[1])
            message = f"“{name}” may not have run before this step: “{written}” can be empty."
            yield self._warning(ProblemCode.MAY_NOT_HAVE_RUN, field, message, fix)
        elif found.may_be_empty and field in _shown_fields(self.kind):
            message = f"“{written}” can be empty, and would leave a gap in the message."
            yield self._warning(ProblemCode.MAY_BE_EMPTY, field, message, fix)

    # --- conditions ---

    def _rules_problems(self, tree: RuleTree) -> Iterator[GraphProblem]:
        rules, faults = sound_rules(tree.rules)
        for fault in faults:
            place = tree.pointer_to(fault.path)
            yield self._problem(
                ProblemCode.BAD_RULES, place, fault.message, "Correct the condition."
            )
        for use in rules.fields if rules else ():
            found = self.view.look_up(use.path, through_lists=True)
            if isinstance(found, Absent):
                yield self._unknown(tree.pointer_to(use.where), use.path, use.written, found)
        for compared in rules.constants if rules else ():
            yield from self._number_problems(tree.pointer_to(compared.where), compared)
        for where, text in rules.texts if rules else ():
            yield from self._text_problems(tree.pointer_to(where), text.source)

    def _number_problems(self, field: str, compared: ConstantUse) -> Iterator[GraphProblem]:
        if self._is_number(compared.path) and as_number(compared.constant) is None:
            message = f"“{compared.written}” is a number, and “{compared.constant}” is none."
            fix = "Write it like 1000.50: with a point, and without a currency."
            yield self._problem(ProblemCode.BAD_RULES, field, message, fix)

    def _is_number(self, path: Path) -> bool:
        found = self.view.look_up(path, through_lists=True)
        return isinstance(found, Found) and schema_type(found.schema) in _NUMBERS

    # --- sentences ---

    def _unknown(self, field: str, path: Path, written: str, absent: Absent) -> GraphProblem:
        message, fix = self._words(path, written, absent)
        return self._problem(ProblemCode.UNKNOWN_VARIABLE, field, message, fix)

    def _words(self, path: Path, written: str, absent: Absent) -> tuple[str, str]:
        name, parent = absent.name, write_path(absent.parent)
        if parent == "steps" and name in self.typed.graph.nodes:
            message = f"“{self.typed.name(name)}” has not run yet when this step runs."
            return message, "Use the result of an earlier step, or put this step behind it."
        if isinstance(self.view.look_up(path, through_lists=True), Found):
            message = f"“{parent}” is a list, so “{name}” has to say of which entry."
            return message, f"Loop over the list, or write {parent}[0].{name}."
        match = self.guesses.closest(name, absent.candidates)
        fix = f"Did you mean “{match}”?" if match else "Choose a variable from the list."
        if not parent:
            return f"“{written}” does not exist.", fix
        return f"“{written}” does not exist: {_described(absent.parent)} has no “{name}”.", fix

    def _problem(self, code: ProblemCode, field: str, message: str, fix: str) -> GraphProblem:
        return GraphProblem(code, message, fix, self.node.id, field)

    def _warning(self, code: ProblemCode, field: str, message: str, fix: str) -> GraphProblem:
        return GraphProblem(code, message, fix, self.node.id, field, Severity.WARNING)


def _described(parent: Path) -> str:
    """A place in a list is any entry of it."""
    if parent[-1].removeprefix("-").isdecimal():
        return f"an entry of “{write_path(parent[:-1])}”"
    return f"“{write_path(parent)}”"


def _conditions_in(source: str) -> str:
    """What a text asks before it prints: a variable that is asked about is not a surprise."""
    return " ".join(_CONDITION.findall(source)) if "{%" in source else ""


def _shown_fields(kind: NodeType) -> tuple[str, ...]:
    """The settings that a customer reads, as pointers.

    The recipient is not one of them: a customer without a phone is the rule, not a slip.
    """
    if kind.message is None:
        return ()
    return tuple(pointer([name]) for name in (kind.message.text, kind.message.subject) if name)
