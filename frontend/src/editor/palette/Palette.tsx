import { TextInput, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useViewport } from "@xyflow/react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";

import { CARD_WIDTH } from "@/graph/geometry";

import { addStep } from "../addStep";
import type { PickerTask } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import classes from "./Palette.module.css";
import rowClasses from "./TypeRow.module.css";
import { groupTypes } from "./searchTypes";
import { TypeRow } from "./TypeRow";
import { type PaletteDrag, usePaletteDrag } from "./usePaletteDrag";
import { useAppNeeds } from "./useAppNeeds";
import { useChannel, useTypes } from "./useTypes";

const ANYWHERE: PickerTask = { kind: "free" };

/** All steps there are, to drag onto the canvas or to add after the selected one. */
export function Palette() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const [search, setSearch] = useState("");
  const types = useTypes(search, ANYWHERE);
  const { drag, onPointerDown } = usePaletteDrag();
  const groups = groupTypes(types, useChannel());
  const needOf = useAppNeeds();
  return (
    <aside className={classes.palette} aria-label={t("palette.name")}>
      <TextInput
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder={t("palette.search")}
        aria-label={t("palette.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <div className={classes.groups}>
        {groups.map(({ category, types: members }) => (
          <section key={category} aria-label={t(`kind.${category}`)}>
            <h2 className={classes.kind}>{t(`kind.${category}`)}</h2>
            {members.map((type) => (
              <TypeRow
                key={type.ref}
                type={type}
                need={needOf(type)}
                onChoose={(chosen) => addStep(store, chosen, ANYWHERE)}
                onPointerDown={onPointerDown}
              />
            ))}
          </section>
        ))}
        {groups.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            {t("palette.nothing", { search })}
          </Text>
        )}
      </div>
      {drag && createPortal(<Ghost {...drag} />, document.body)}
    </aside>
  );
}

/** What is being dragged, as large as the card will be. */
function Ghost({ type, at }: PaletteDrag) {
  const { zoom } = useViewport();
  return (
    <div
      className={rowClasses.ghost}
      style={{ left: at.x, top: at.y, width: CARD_WIDTH * Math.min(zoom, 1) }}
    >
      <TypeRow type={type} onChoose={() => undefined} />
    </div>
  );
}
