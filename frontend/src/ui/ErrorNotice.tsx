import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useErrorWords } from "./errorWords";

interface Props {
  error: unknown;
  /** Offers "Try again" when given. */
  retry?: () => void;
}

/** Says what went wrong and what to do about it. */
export function ErrorNotice({ error, retry }: Props) {
  const { t } = useTranslation();
  const words = useErrorWords()(error);
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={words.title}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{words.text}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("tryAgain")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
