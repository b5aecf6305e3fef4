import "@/i18n/later/session";

import { Button, Stack } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { AuthFrame } from "./AuthFrame";
import { PasswordForm } from "./PasswordForm";

/** The first thing after the first link: a password, so that the next visit needs no link. */
export function PasswordPage() {
  const { t } = useTranslation("session");
  const navigate = useNavigate();
  return (
    <AuthFrame title={t("password.title")} lead={t("password.lead")}>
      <Stack>
        <PasswordForm onDone={() => void navigate({ to: "/workflows", replace: true })} />
        <Button component={Link} to="/workflows" variant="subtle">
          {t("password.later")}
        </Button>
      </Stack>
    </AuthFrame>
  );
}
