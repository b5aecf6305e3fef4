import "@/i18n/later/session";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { signIn, useEnter } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { PasswordField } from "@/ui/PasswordField";

import { AuthFrame } from "./AuthFrame";
import { placeWithin } from "./placeWithin";

const route = getRouteApi("/login");

export function LoginPage() {
  const { t } = useTranslation("session");
  const { next } = route.useSearch();
  const router = useRouter();
  const enter = useEnter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: (session) => {
      enter(session);
      router.history.push(placeWithin(next));
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <AuthFrame title={t("login.title")} lead={t("login.lead")}>
      <form onSubmit={submit}>
        <Stack>
          {attempt.error && <ErrorNotice error={attempt.error} />}
          <TextInput
            label={t("login.email")}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordField
            label={t("login.password")}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" loading={attempt.isPending}>
            {t("login.action")}
          </Button>
          <Text size="sm" c="dimmed">
            {t("login.link")}
          </Text>
        </Stack>
      </form>
    </AuthFrame>
  );
}
