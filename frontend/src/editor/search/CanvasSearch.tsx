import "@/i18n/later/editor";

import { ActionIcon, CloseButton, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useCentre } from "../canvas/fitting";
import { select } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./CanvasSearch.module.css";
import { findSteps, type FoundStep } from "./findSteps";

/** Ctrl+F on the canvas: what fits lights up, Enter goes from one to the next. */
export function CanvasSearch() {
  const { t } = useTranslation("editor");
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const found = useFound(search);
  const { show, close } = useShow(found, search);
  const go = (next: number): void => {
    if (found.length === 0) return;
    const index = (next + found.length) % found.length;
    setAt(index);
    show(found[index]);
  };
  const change = (text: string): void => {
    setSearch(text);
    setAt(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Enter") go(at + (event.shiftKey ? -1 : 1));
    else if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Escape") close(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.search} role="search" aria-label={t("find.name")}>
      <div className={classes.row}>
        <TextInput
          ref={useFocusAtFirst()}
          flex={1}
          value={search}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          placeholder={t("find.placeholder")}
          aria-label={t("find.name")}
          leftSection={<IconSearch size={16} aria-hidden />}
        />
        <Text size="sm" c="dimmed" role="status">
          {search.trim() !== "" &&
            t("find.count", { count: found.length, at: Math.max(at + 1, 0) })}
        </Text>
        <ActionIcon variant="subtle" onClick={() => go(at - 1)} aria-label={t("find.previous")}>
          <IconChevronUp size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" onClick={() => go(at + 1)} aria-label={t("find.next")}>
          <IconChevronDown size={18} aria-hidden />
        </ActionIcon>
        <CloseButton aria-label={t("find.close")} onClick={() => close(found[at])} />
      </div>
      <Results found={found} at={at} onChoose={go} />
    </div>
  );
}

/** Whoever asks for the search wants to type into it. */
function useFocusAtFirst() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}

interface ResultsProps {
  found: readonly FoundStep[];
  at: number;
  onChoose: (index: number) => void;
}

const MOST_LISTED = 30;

function Results({ found, at, onChoose }: ResultsProps) {
  if (found.length === 0) return null;
  return (
    <ul className={classes.results}>
      {found.slice(0, MOST_LISTED).map(({ nodeId, name, excerpt }, index) => (
        <li key={nodeId}>
          <button type="button" aria-current={index === at} onClick={() => onChoose(index)}>
            <strong>{name}</strong>
            <span>{excerpt}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function useFound(search: string): readonly FoundStep[] {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  return useMemo(
    () => findSteps(graph, catalog, search, t("step.unknown")),
    [graph, catalog, search, t],
  );
}

const LEGIBLE_ZOOM = 0.8;

/** Lights up what was found, jumps to one of it, and gives the focus back at the end. */
function useShow(found: readonly FoundStep[], search: string) {
  const store = useEditorStore();
  const centre = useCentre();
  useEffect(() => {
    const ids = new Set(found.map(({ nodeId }) => nodeId));
    store.setState({ found: search.trim() === "" ? null : ids });
    return () => store.setState({ found: null });
  }, [store, found, search]);
  const show = (step: FoundStep | undefined): void => {
    if (!step) return;
    select(store, [step.nodeId]);
    centre(step.nodeId, 250, LEGIBLE_ZOOM);
  };
  const close = (step: FoundStep | undefined): void => {
    store.setState({ overlay: null });
    if (!step) return;
    const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(step.nodeId)}"]`);
    if (card instanceof HTMLElement) card.focus({ preventScroll: true });
  };
  return { show, close };
}
