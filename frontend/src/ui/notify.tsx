import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { useErrorWords } from "./errorWords";

const UNDO_MS = 10_000;
let shown = 0;

interface Undo {
  words: string;
  act: () => void;
}

/** Short messages in the corner: what was done, what failed, and a way back where there is one. */
export function useNotify() {
  const { t } = useTranslation();
  const wordsOf = useErrorWords();
  const close = t("close");
  const done = useCallback(
    (message: string, undo?: Undo) => {
      const id = `notice-${++shown}`;
      notifications.show({
        id,
        message: undo ? <WithUndo message={message} undo={undo} id={id} /> : message,
        icon: <IconCheck size={18} />,
        autoClose: undo ? UNDO_MS : 4_000,
        closeButtonProps: { "aria-label": close },
      });
    },
    [close],
  );
  const refused = useCallback(
    (title: string, text: string) => {
      notifications.show({
        title,
        message: text,
        color: "red",
        icon: <IconAlertTriangle size={18} />,
        autoClose: 8_000,
        closeButtonProps: { "aria-label": close },
      });
    },
    [close],
  );
  const failed = useCallback(
    (error: unknown) => {
      const { title, text } = wordsOf(error);
      refused(title, text);
    },
    [wordsOf, refused],
  );
  return { done, refused, failed };
}

function WithUndo({ message, undo, id }: { message: string; undo: Undo; id: string }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{message}</Text>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => {
          notifications.hide(id);
          undo.act();
        }}
      >
        {undo.words}
      </Button>
    </Group>
  );
}
