import "@/i18n/later/underway";

import { IconClock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { StepNumbers } from "@/api/underway";
import { useWords } from "@/i18n/useWords";
import { useFormats, useNow } from "@/ui/formats";

import { useEditor } from "../store/EditorContext";
import classes from "./CardNumbers.module.css";

/** Who waits at the step, and, when asked for, what came of it. */
export function CardNumbers({ nodeId, isTrigger }: { nodeId: string; isTrigger: boolean }) {
  const isShown = useEditor(({ numbers }) => numbers?.isShown === true);
  return (
    <div className={classes.numbers}>
      <WaitingSign nodeId={nodeId} />
      {isShown && <Counts nodeId={nodeId} />}
      {isShown && isTrigger && <EntryCounts />}
    </div>
  );
}

function WaitingSign({ nodeId }: { nodeId: string }) {
  const numbers = useEditor((state) => state.numbers);
  const found = numbers?.byNode.get(nodeId);
  if (!numbers || !found || found.waiting === 0) return null;
  return (
    <Link
      to="/workflows/$id/waiting"
      params={{ id: numbers.workflowId }}
      search={{ node: nodeId }}
      className={`${classes.waiting ?? ""} nodrag nopan`}
    >
      <IconClock size={14} aria-hidden />
      <WaitingWords found={found} />
    </Link>
  );
}

/** By itself, because most cards have nobody who waits, and words and dates have their price. */
function WaitingWords({ found }: { found: StepNumbers }) {
  const t = useWords("underway");
  const formats = useFormats();
  const now = useNow();
  const count = t("numbers.waiting", { count: found.waiting });
  if (!found.next_at) return count;
  return t("numbers.waitingUntil", { count, when: formats.relative(found.next_at, now) });
}

const KINDS = ["entered", "done", "failed", "skipped"] as const;

function Counts({ nodeId }: { nodeId: string }) {
  const t = useWords("underway");
  const formats = useFormats();
  const found = useEditor((state) => state.numbers?.byNode.get(nodeId));
  return (
    <dl className={classes.counts}>
      {KINDS.filter((kind) => kind === "entered" || (found?.[kind] ?? 0) > 0).map((kind) => (
        <div key={kind} data-kind={kind}>
          <dt>{t(`numbers.${kind}`)}</dt>
          <dd>{formats.number(found?.[kind] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

function EntryCounts() {
  const t = useWords("underway");
  const formats = useFormats();
  const entry = useEditor((state) => state.numbers?.entry);
  if (!entry) return null;
  return (
    <dl className={classes.counts}>
      {(["came_in", "kept_out", "started"] as const).map((kind) => (
        <div key={kind} data-kind={kind}>
          <dt>{t(`numbers.${kind}`)}</dt>
          <dd>{formats.number(entry[kind])}</dd>
        </div>
      ))}
    </dl>
  );
}
