import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { sessionQuery, setPassword, useSession } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";

export const SHORTEST_PASSWORD = 12;

/** Sets the first password, or changes the one there is. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("session");
  const { person, needs_password: first } = useSession();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => setPassword(first ? { new: wanted } : { current, new: wanted }),
    // A new password makes a new session, and with it a new CSRF token.
    onSuccess: async () => {
      await client.query({ ...sessionQuery, staleTime: 0 });
      setCurrent("");
      setWanted("");
      onDone();
    },
  });
  const tooShort = wanted.length > 0 && wanted.length < SHORTEST_PASSWORD;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (wanted.length >= SHORTEST_PASSWORD) change.mutate();
  };
  return (
    <form onSubmit={submit}>
      {/* Password stores file the new password under this name. */}
      <input type="hidden" autoComplete="username" value={person.email} readOnly />
      <Stack>
        {change.error && <ErrorNotice error={change.error} />}
        {!first && (
          <PasswordInput
            label={t("password.current")}
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label={t("password.new")}
          description={t("password.rule", { count: SHORTEST_PASSWORD })}
          error={tooShort && t("password.tooShort", { count: SHORTEST_PASSWORD - wanted.length })}
          autoComplete="new-password"
          required
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Button type="submit" loading={change.isPending}>
          {first ? t("password.set") : t("password.change")}
        </Button>
      </Stack>
    </form>
  );
}
