import type { Icon } from "@tabler/icons-react";
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconHelp,
  IconLoader2,
  IconMinus,
  IconPencil,
  IconPlayerPause,
  IconPower,
  IconRefresh,
  IconShieldExclamation,
  IconX,
} from "@tabler/icons-react";

import type { RunStatus, StepStatus, WorkflowSummary } from "@/api/types";
import { useWords } from "@/i18n/useWords";

import { Sign, type Tone } from "./Sign";

export type Status = RunStatus | StepStatus | WorkflowSummary["state"];

interface Look {
  tone: Tone;
  icon: Icon;
  turns?: boolean;
}

const LOOKS: Readonly<Record<Status, Look>> = {
  queued: { tone: "quiet", icon: IconCircleDashed },
  running: { tone: "info", icon: IconLoader2, turns: true },
  waiting: { tone: "info", icon: IconClock },
  retrying: { tone: "warning", icon: IconRefresh },
  paused: { tone: "warning", icon: IconPlayerPause },
  succeeded: { tone: "good", icon: IconCheck },
  failed: { tone: "bad", icon: IconX },
  unknown: { tone: "warning", icon: IconHelp },
  skipped: { tone: "quiet", icon: IconMinus },
  cancelled: { tone: "quiet", icon: IconBan },
  quarantined: { tone: "bad", icon: IconShieldExclamation },
  draft: { tone: "quiet", icon: IconPencil },
  active: { tone: "good", icon: IconPower },
};

const STRANGE: Look = { tone: "warning", icon: IconAlertTriangle };

/** The state of a run, a step or a workflow: colour, sign and word together. */
export function StatusBadge({ status }: { status: Status }) {
  const t = useWords("common");
  // A newer server may name a state that this page does not know yet.
  const look = (LOOKS as Partial<Record<string, Look>>)[status] ?? STRANGE;
  return <Sign {...look}>{t(`status.${status}`)}</Sign>;
}
