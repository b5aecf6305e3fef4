import "@/i18n/later/proofs";
import "@/i18n/later/settings";

import { Box, Button, Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { signOut, useSession } from "@/api/session";
import { useLanguageChoice } from "@/app/useLanguage";
import { LANGUAGES } from "@/i18n";
import { PasswordForm } from "@/pages/session/PasswordForm";
import { useNotify } from "@/ui/notify";
import { Page } from "@/ui/Page";

import { NoticeSection } from "./NoticeSection";
import { OwnAddressSection } from "./OwnAddressSection";
import { RetentionForm } from "./RetentionForm";
import { TokenSection } from "./TokenSection";
import { WorkspaceForm } from "./WorkspaceForm";

export function SettingsPage() {
  const { t } = useTranslation(["settings", "proofs"]);
  const { person } = useSession();
  const notify = useNotify();
  return (
    <Page title={t("title")} actions={<SignOutButton />}>
      <Section title={t("shop.title")} lead={t("shop.lead")}>
        <WorkspaceForm />
      </Section>
      <Section title={t("language.title")} lead={t("language.lead")}>
        <LanguageChoice />
      </Section>
      <Section
        title={t("password.title")}
        lead={person.email ? t("password.lead", { email: person.email }) : t("password.none")}
      >
        <Box maw={420}>
          <PasswordForm onDone={() => notify.done(t("password.done"))} />
        </Box>
      </Section>
      {person.role !== "viewer" && (
        <Section title={t("proofs:addresses.title")} lead={t("proofs:addresses.lead")}>
          <OwnAddressSection />
        </Section>
      )}
      {person.role !== "viewer" && (
        <Section id="letters" title={t("letters.title")} lead={t("letters.lead")}>
          <NoticeSection />
        </Section>
      )}
      <Section title={t("keeping.title")} lead={t("keeping.lead")}>
        <RetentionForm />
      </Section>
      <Section title={t("tokens.title")} lead={t("tokens.lead")}>
        <TokenSection />
      </Section>
    </Page>
  );
}

interface SectionProps {
  /** The part of the address that leads here. */
  id?: string;
  title: string;
  lead: string;
  children: ReactNode;
}

function Section({ id, title, lead, children }: SectionProps) {
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} shadow="xs" component="section" id={id}>
      <Stack gap={4} mb="lg">
        <Title order={2}>{title}</Title>
        <Text c="dimmed" maw={640}>
          {lead}
        </Text>
      </Stack>
      {children}
    </Paper>
  );
}

function LanguageChoice() {
  const { t } = useTranslation("settings");
  const [present, choose] = useLanguageChoice();
  return (
    <SegmentedControl
      aria-label={t("language.title")}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      value={present}
      onChange={choose}
    />
  );
}

function SignOutButton() {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const router = useRouter();
  const notify = useNotify();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      client.clear();
      await router.navigate({ to: "/login" });
    },
    onError: notify.failed,
  });
  return (
    <Button
      variant="default"
      leftSection={<IconLogout size={18} aria-hidden />}
      loading={leave.isPending}
      onClick={() => leave.mutate()}
    >
      {t("signOut")}
    </Button>
  );
}
