import "@/i18n/later/versions";

import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow, WorkflowVersion } from "@/api/types";
import { versionsQuery } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { Listing } from "@/ui/Listing";

import type { Autosaver } from "../saving/Autosaver";
import { VersionList } from "./VersionList";
import classes from "./Versions.module.css";
import { VersionView } from "./VersionView";

interface Props {
  workflow: Workflow;
  saver: Autosaver;
  onClose: () => void;
}

/** What was live and when, what changed from one to the next, and the way back. */
export function VersionsDialog({ onClose, ...rest }: Props) {
  const { t } = useTranslation("versions");
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t("title")}
      size="min(1200px, 94vw)"
      fullScreen={narrow}
      classNames={{ content: classes.dialog, body: classes.body }}
    >
      <Versions {...rest} onClose={onClose} />
    </Dialog>
  );
}

function Versions({ workflow, saver, onClose }: Props) {
  const { t } = useTranslation("versions");
  const query = useInfiniteQuery(versionsQuery(workflow.id));
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <Listing query={query} empty={t("none")}>
      {(versions) => {
        const version = versions.find(({ number }) => number === chosen) ?? versions[0];
        if (!version) return null;
        return (
          <div className={classes.parts}>
            <VersionList
              workflowId={workflow.id}
              versions={versions}
              chosen={version.number}
              onChoose={setChosen}
            />
            <VersionView
              key={version.number}
              workflow={workflow}
              version={version}
              before={publishedBefore(versions, version)}
              saver={saver}
              onRestored={onClose}
            />
          </div>
        );
      }}
    </Listing>
  );
}

/** The version that this one was made from or took over from; `null` for the first. */
function publishedBefore(
  versions: readonly WorkflowVersion[],
  { number }: WorkflowVersion,
): number | null {
  return versions.find((other) => other.number < number && !other.kept)?.number ?? null;
}
