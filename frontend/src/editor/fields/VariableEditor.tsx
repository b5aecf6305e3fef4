import "@/i18n/later/editor";

import { completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { standardKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { useTranslation } from "react-i18next";

import { chips, fallbackWords, filterWords, variableGroups } from "./chips";
import { useInsertTarget } from "./insertTarget";
import { useStepVariables } from "./stepVariables";
import { textTheme } from "./textTheme";
import { variableCompletion } from "./variableCompletion";
import classes from "./VariableText.module.css";

export interface VariableEditorProps {
  value: string;
  onChange: (value: string) => void;
  onBlur: () => void;
  isLong: boolean;
  disabled: boolean;
  hint: string | undefined;
  /** What the text box is called and described by, as attributes. */
  names: Readonly<Record<string, string>>;
}

/** A text with variables as chips. The text itself is Liquid, as it is stored. */
export function VariableEditor(props: VariableEditorProps) {
  const { t } = useTranslation("editor");
  const host = useRef<HTMLDivElement>(null);
  const view = useCodeMirror(host, props);
  const offer = (): void => {
    if (!view.current) return;
    view.current.focus();
    startCompletion(view.current);
  };
  return (
    <div className={classes.frame} data-long={props.isLong || undefined}>
      <div ref={host} className={classes.host} />
      {!props.disabled && (
        <Tooltip label={t("variable.insert")}>
          <ActionIcon
            variant="subtle"
            size={28}
            className={classes.insert ?? ""}
            onClick={offer}
            aria-label={t("variable.insert")}
          >
            <IconBraces size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

/** Mounts the editor once; what changes later is handed to it without making it anew. */
function useCodeMirror(
  host: React.RefObject<HTMLDivElement | null>,
  props: VariableEditorProps,
): React.RefObject<EditorView | null> {
  const { value, isLong, disabled } = props;
  const { t } = useTranslation("editor");
  const view = useRef<EditorView>(null);
  const groups = useStepVariables();
  const groupsPart = useRef(new Compartment());
  const change = useEffectEvent((text: string) => props.onChange(text));
  const leave = useEffectEvent(() => props.onBlur());
  const start = useEffectEvent(() => [
    groupsPart.current.of(variableGroups.of(groups)),
    EditorView.contentAttributes.of(props.names),
    fallbackWords.of((name, fallback) => t("fallback.chip", { name, fallback })),
    filterWords.of((name, filter) => t("filter.chip", { name, how: t(`filter.${filter}`) })),
    placeholder(props.hint ?? ""),
  ]);
  const text = useEffectEvent(() => value);
  const targetRef = useInsertTarget();
  const enter = useEffectEvent((made: EditorView) => {
    targetRef.current = (inserted) => insertAtCursor(made, inserted);
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text(),
        extensions: [start(), behaviour(isLong, disabled), listening({ change, leave, enter })],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [host, isLong, disabled]);
  useEffect(() => {
    view.current?.dispatch({
      effects: groupsPart.current.reconfigure(variableGroups.of(groups)),
    });
  }, [groups]);
  useEffect(() => {
    const doc = view.current?.state.doc;
    if (!doc || doc.toString() === value) return;
    view.current?.dispatch({ changes: { from: 0, to: doc.length, insert: value } });
  }, [value]);
  return view;
}

function behaviour(isLong: boolean, disabled: boolean): Extension {
  return [
    textTheme,
    chips,
    variableCompletion,
    keymap.of([...completionKeymap, ...standardKeymap]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(disabled),
    EditorView.editable.of(!disabled),
    isLong ? [] : ONE_LINE,
  ];
}

/** Pasted line breaks become spaces; Enter does nothing. */
const ONE_LINE = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const insert = transaction.newDoc
    .toString()
    .replaceAll(/\s*\n\s*/g, " ")
    .trimEnd();
  const { length } = transaction.startState.doc;
  if (insert === transaction.startState.doc.toString()) return [];
  return { changes: { from: 0, to: length, insert }, selection: { anchor: insert.length } };
});

function insertAtCursor(view: EditorView, insert: string): void {
  const { from, to } = view.state.selection.main;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.paste",
  });
  view.focus();
}

interface Listeners {
  readonly change: (text: string) => void;
  readonly leave: () => void;
  readonly enter: (view: EditorView) => void;
}

function listening({ change, leave, enter }: Listeners): Extension {
  return EditorView.updateListener.of((update) => {
    const isTyped = update.transactions.some(
      (each) => each.isUserEvent("input") || each.isUserEvent("delete") || each.isUserEvent("move"),
    );
    if (update.docChanged && isTyped) change(update.state.doc.toString());
    if (update.focusChanged && update.view.hasFocus) enter(update.view);
    if (update.focusChanged && !update.view.hasFocus) leave();
  });
}
