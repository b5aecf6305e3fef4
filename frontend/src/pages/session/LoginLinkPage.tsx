import "@/i18n/later/session";

import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { signInByLink, useEnter } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { AuthFrame } from "./AuthFrame";

const route = getRouteApi("/login/$token");

/** Asks before it signs in, so that a mail scanner's visit does not use the link up. */
export function LoginLinkPage() {
  const { t } = useTranslation("session");
  const { token } = route.useParams();
  const navigate = useNavigate();
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: () => signInByLink(token),
    onSuccess: (session) => {
      enter(session);
      return navigate({ to: session.needs_password ? "/password" : "/workflows", replace: true });
    },
  });
  return (
    <AuthFrame title={t("link.title")} lead={t("link.lead")}>
      <Stack>
        {attempt.error && <ErrorNotice error={attempt.error} />}
        <Button size="md" loading={attempt.isPending} onClick={() => attempt.mutate()}>
          {t("link.action")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("link.once")}
        </Text>
      </Stack>
    </AuthFrame>
  );
}
