import "@/i18n/later/editor";

import { ActionIcon, CopyButton } from "@mantine/core";
import { IconCheck, IconClipboard, IconRoute } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** Puts a value, or the path by which steps name it, on the clipboard. */
export function CopyValue({ what, text }: { what: "value" | "path"; text: string }) {
  const { t } = useTranslation("editor");
  const Picture = what === "value" ? IconClipboard : IconRoute;
  const words = t(what === "value" ? "data.copyValue" : "data.copyPath");
  return (
    <CopyButton value={text} timeout={1_500}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          onClick={copy}
          aria-label={words}
          title={words}
        >
          {copied ? <IconCheck size={14} aria-hidden /> : <Picture size={14} aria-hidden />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
