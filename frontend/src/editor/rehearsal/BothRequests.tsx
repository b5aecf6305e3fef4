import { useTranslation } from "react-i18next";

import type { RehearsedRequest, RehearsedRuns } from "@/api/rehearsal";

import { stepName } from "./drawing";
import { isOtherRequest } from "./kinds";
import { pairsOf } from "./pairs";
import classes from "./Rehearsal.module.css";
import type { Sides, Versions } from "./useVersions";

interface Props {
  runs: RehearsedRuns;
  versions: Versions;
  sides: Sides;
}

const MOST_REQUESTS = 10;

/** Requests to other apps that differ. */
export function BothRequests({ runs, versions, sides }: Props) {
  const pairs = pairsOf(runs.live?.requests ?? [], runs.draft?.requests ?? []);
  return pairs
    .filter(isOtherRequest)
    .slice(0, MOST_REQUESTS)
    .map(({ live, draft }, index) => {
      const node = (draft ?? live)?.node_id ?? "";
      const name = stepName(draft ? versions.draft : versions.live, node);
      return (
        <section key={index} className={classes.pair} aria-label={name}>
          {sides.live !== null && <Shown side={sides.live} request={live} name={name} />}
          <Shown side={sides.draft} request={draft} name={name} />
        </section>
      );
    });
}

interface ShownProps {
  side: string;
  request: RehearsedRequest | null;
  name: string;
}

function Shown({ side, request, name }: ShownProps) {
  const { t } = useTranslation("rehearsal");
  if (request === null) {
    return (
      <p className={classes.none}>
        <span className={classes.side}>{side}: </span>
        {t("noRequest", { step: name })}
      </p>
    );
  }
  const body = request.form ?? request.body;
  return (
    <div className={classes.request}>
      <p className={classes.to}>
        <span className={classes.side}>{side}: </span>
        {name}
      </p>
      <code>
        {request.method} {request.url}
      </code>
      {body !== null && body !== "" && (
        // Long, it scrolls, so the keyboard must reach it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre tabIndex={0}>{typeof body === "string" ? body : JSON.stringify(body, null, 2)}</pre>
      )}
    </div>
  );
}
