import { useTranslation } from "react-i18next";

import type { RehearsedMessage, RehearsedRuns } from "@/api/rehearsal";
import { ChannelIcon } from "@/ui/ChannelIcon";
import { MessagePreview } from "@/ui/message/MessagePreview";

import { stepName } from "./drawing";
import { isOtherMessage } from "./kinds";
import { pairsOf } from "./pairs";
import classes from "./Rehearsal.module.css";
import type { Sides, Versions } from "./useVersions";

interface Props {
  runs: RehearsedRuns;
  versions: Versions;
  sides: Sides;
}

const MOST_PREVIEWS = 10;

/** Messages that differ, as their reader would see them; those that do not, in a line. */
export function BothMessages({ runs, versions, sides }: Props) {
  const { t } = useTranslation("rehearsal");
  const pairs = pairsOf(runs.live?.messages ?? [], runs.draft?.messages ?? []);
  const other = pairs.filter(isOtherMessage);
  const same = pairs.length - other.length;
  return (
    <>
      {other.slice(0, MOST_PREVIEWS).map(({ live, draft }, index) => {
        const node = (draft ?? live)?.node_id ?? "";
        return (
          <section
            key={index}
            className={classes.pair}
            aria-label={stepName(draft ? versions.draft : versions.live, node)}
          >
            {sides.live !== null && <Shown side={sides.live} message={live} />}
            <Shown side={sides.draft} message={draft} />
          </section>
        );
      })}
      {same > 0 && <p className={classes.same}>{t("sameMessages", { count: same })}</p>}
    </>
  );
}

function Shown({ side, message }: { side: string; message: RehearsedMessage | null }) {
  const { t } = useTranslation("rehearsal");
  if (message === null) {
    return (
      <p className={classes.none}>
        <span className={classes.side}>{side}: </span>
        {t("noMessage")}
      </p>
    );
  }
  const shown = { ...message, id: message.node_id, created_at: message.at };
  return (
    <div className={classes.preview}>
      <p className={classes.to}>
        <span className={classes.side}>{side}: </span>
        <ChannelIcon channel={message.channel} size={16} /> {message.to}
      </p>
      <MessagePreview channel={message.channel} messages={[shown]} current={shown.id} />
    </div>
  );
}
