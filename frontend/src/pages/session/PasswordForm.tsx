import "@/i18n/later/session";

import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { sessionQuery, setPassword, useEnter, useSession } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { PasswordField } from "@/ui/PasswordField";

const SHORTEST_PASSWORD = 10;

/** Sets the first password, or changes the one there is. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("session");
  const { person, needs_password: first, asks_current_password: asks } = useSession();
  const [email, setEmail] = useState(person.email ?? "");
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const enter = useEnter();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      setPassword({
        new: wanted,
        ...(asks ? { current } : {}),
        ...(person.email === null ? { email } : {}),
      }),
    onSuccess: (session) => {
      enter(session);
      setCurrent("");
      setWanted("");
      onDone();
    },
    // Half an hour may have passed since the login link: then the current password is asked for.
    onError: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (wanted.length >= SHORTEST_PASSWORD) change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {change.error && <ErrorNotice error={change.error} />}
        <EmailField known={person.email} value={email} onChange={setEmail} />
        {asks && (
          <PasswordField
            label={t("password.current")}
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <NewPasswordField value={wanted} onChange={setWanted} />
        <Button type="submit" loading={change.isPending}>
          {first ? t("password.set") : t("password.change")}
        </Button>
      </Stack>
    </form>
  );
}

interface TextProps {
  value: string;
  onChange: (value: string) => void;
}

/** Asked for once; later only there so that password stores file the password under it. */
function EmailField({ known, value, onChange }: TextProps & { known: string | null }) {
  const { t } = useTranslation("session");
  if (known !== null) {
    return <input type="text" hidden autoComplete="username" value={known} readOnly />;
  }
  return (
    <TextInput
      label={t("password.email")}
      description={t("password.emailRule")}
      type="email"
      autoComplete="username"
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function NewPasswordField({ value, onChange }: TextProps) {
  const { t } = useTranslation("session");
  const missing = SHORTEST_PASSWORD - value.length;
  return (
    <PasswordField
      label={t("password.new")}
      description={t("password.rule", { count: SHORTEST_PASSWORD })}
      error={value.length > 0 && missing > 0 && t("password.tooShort", { count: missing })}
      autoComplete="new-password"
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
