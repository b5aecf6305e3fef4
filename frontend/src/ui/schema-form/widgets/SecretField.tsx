import { Button, Group, Input, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PasswordField } from "@/ui/PasswordField";

import { type FieldProps, useForm } from "../form";
import { frameOf } from "./frame";
import { placeholderOf } from "./TextField";

/** A secret can be written and replaced, never read. */
export function SecretField(props: FieldProps) {
  const { secretsSet } = useForm();
  const [replacing, setReplacing] = useState(false);
  if (secretsSet[props.name] && !replacing && props.value === undefined) {
    return <SavedSecret {...props} onReplace={() => setReplacing(true)} />;
  }
  return (
    <PasswordField
      {...frameOf(props)}
      autoComplete="off"
      placeholder={placeholderOf(props)}
      data-autofocus={replacing || undefined}
      value={typeof props.value === "string" ? props.value : ""}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      onBlur={props.onBlur}
    />
  );
}

function SavedSecret({ onReplace, ...props }: FieldProps & { onReplace: () => void }) {
  const { t } = useTranslation("form");
  return (
    <Input.Wrapper label={props.label} description={props.description} labelElement="div">
      <Group gap="xs" mt={4}>
        <IconLock size={16} aria-hidden />
        <Text size="sm">{t("secret.saved")}</Text>
        <Button size="compact-sm" variant="subtle" onClick={onReplace} disabled={props.disabled}>
          {t("secret.replace")}
        </Button>
      </Group>
    </Input.Wrapper>
  );
}
