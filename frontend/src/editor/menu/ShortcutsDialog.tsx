import "@/i18n/later/keys";

import { Kbd, SimpleGrid, Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "@/ui/Dialog";

import { useEditorStore } from "../store/EditorContext";
import classes from "./Menus.module.css";
import { PARTS, SHORTCUTS } from "./shortcuts";

/** Every key of the canvas, and what the pointer does there. */
export function ShortcutsDialog() {
  const { t } = useTranslation("keys");
  const store = useEditorStore();
  return (
    <Dialog opened size="xl" title={t("title")} onClose={() => store.setState({ overlay: null })}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        {PARTS.map((part) => (
          <Part key={part} title={t(`part.${part}`)} keys={SHORTCUTS[part]} />
        ))}
        <Pointer />
      </SimpleGrid>
    </Dialog>
  );
}

function Part({
  title,
  keys,
}: {
  title: string;
  keys: Readonly<Record<string, readonly string[]>>;
}) {
  const { t } = useTranslation("keys");
  return (
    <section>
      <Text fw={650} mb={4}>
        {title}
      </Text>
      <dl className={classes.keys}>
        {Object.entries(keys).map(([deed, combination]) => (
          <Fragment key={deed}>
            <dt>{t(`deed.${deed}` as "deed.pick")}</dt>
            <dd>
              {combination.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

const GESTURES = ["pan", "zoom", "many", "copy", "menu"] as const;

function Pointer() {
  const { t } = useTranslation("keys");
  return (
    <section>
      <Text fw={650} mb={4}>
        {t("part.pointer")}
      </Text>
      <ul className={classes.gestures}>
        {GESTURES.map((gesture) => (
          <li key={gesture}>{t(`gesture.${gesture}`)}</li>
        ))}
      </ul>
    </section>
  );
}
