import "@/i18n/later/settings";

import { Anchor, Button, Checkbox, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  changeNotices,
  type NoticeReader,
  type NoticeSettings,
  noticesQuery,
  type NoticeWish,
  sendTestLetter,
  setNoticeWish,
} from "@/api/notices";
import { newPress } from "@/api/proofs";
import { useSession } from "@/api/session";
import { LANGUAGES } from "@/i18n";
import { Asked } from "@/ui/Asked";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";
import { ProofProgress } from "@/ui/own-address/ProofProgress";
import { Sign } from "@/ui/Sign";

import { LostLetter } from "./LostLetter";

const NEVER = 0;
const LIMITS = [1, 3, 10, 30, 100, NEVER];
const ADMINS: readonly string[] = ["admin", "owner"];

/** Who gets a letter when runs fail, and when. */
export function NoticeSection() {
  const query = useQuery(noticesQuery);
  return (
    <Stack gap="xl" maw={720}>
      <Asked query={query} outline={<Skeleton height={160} />}>
        {(settings) => <Letters settings={settings} />}
      </Asked>
    </Stack>
  );
}

function Letters({ settings: data }: { settings: NoticeSettings }) {
  const { t } = useTranslation("settings");
  const { person } = useSession();
  const mayAll = ADMINS.includes(person.role);
  const me = data.people.find(({ id }) => id === person.id);
  return (
    <>
      {data.obstacle !== null && (
        <Text role="status">
          {data.obstacle}{" "}
          <Anchor component={Link} to="/connections" fw={600}>
            {t("letters.connect")}
          </Anchor>
        </Text>
      )}
      <Limit failures={data.failures} disabled={!mayAll} />
      <Stack gap="md" component="fieldset" m={0} p={0} bd="none">
        <Text component="legend" fw={600} mb="sm">
          {t("letters.who")}
        </Text>
        {data.people.map((one) => (
          <Reader key={one.id} reader={one} disabled={!mayAll && one.id !== person.id} />
        ))}
      </Stack>
      {me?.verified && data.obstacle === null && <TestLetter />}
    </>
  );
}

/** Changes the letters, and shows what the server made of it. */
function useNoticeChange<Input>(act: (input: Input) => Promise<NoticeSettings>) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: act,
    onSuccess: (found) => {
      client.setQueryData(noticesQuery.queryKey, found);
      notify.done(t("letters.saved"));
    },
    onError: notify.failed,
  });
}

function Limit({ failures, disabled }: { failures: number; disabled: boolean }) {
  const { t } = useTranslation("settings");
  const change = useNoticeChange(changeNotices);
  const offered = LIMITS.includes(failures) ? LIMITS : [failures, ...LIMITS];
  return (
    <Select
      label={t("letters.when")}
      description={failures === NEVER ? t("letters.neverText") : t("letters.whenText")}
      data={offered.map((limit) => ({
        value: String(limit),
        label: limit === NEVER ? t("letters.never") : t("letters.limit", { count: limit }),
      }))}
      value={String(failures)}
      onChange={(value) => value !== null && change.mutate(Number(value))}
      allowDeselect={false}
      disabled={disabled}
    />
  );
}

function Reader({ reader, disabled }: { reader: NoticeReader; disabled: boolean }) {
  const { t } = useTranslation("settings");
  const { id, name, email, wants, language, verified, lost_letter: lost } = reader;
  const change = useNoticeChange((wish: NoticeWish) => setNoticeWish(id, wish));
  const called = [name, email].find(Boolean) ?? t("letters.nameless");
  return (
    <Stack gap={6}>
      <Group gap="sm">
        <Checkbox
          label={called}
          checked={wants}
          disabled={disabled}
          onChange={(event) => change.mutate({ wants: event.currentTarget.checked })}
        />
        {email !== null && email !== called && <Text c="dimmed">{email}</Text>}
        <Sign
          tone={verified ? "good" : "quiet"}
          icon={verified ? IconCircleCheck : IconCircleDashed}
        >
          {t(verified ? "letters.verified" : "letters.unverified")}
        </Sign>
        {wants && (
          <Select
            aria-label={t("letters.language", { name: called })}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            value={language in LANGUAGES ? language : "en"}
            onChange={(value) =>
              (value === "en" || value === "pl") && change.mutate({ wants, language: value })
            }
            allowDeselect={false}
            disabled={disabled}
            size="xs"
            w={120}
          />
        )}
      </Group>
      {wants && !verified && (
        <Text size="sm" c="dimmed" pl={30}>
          {t("letters.unverifiedText")}
        </Text>
      )}
      {wants && lost && <LostLetter letter={lost} email={email} />}
    </Stack>
  );
}

function TestLetter() {
  const { t } = useTranslation("settings");
  const [press, setPress] = useState(newPress);
  const send = useMutation({
    mutationFn: () => sendTestLetter(press),
    // Sent again after a mishap, it is the same press; after an answer it is a new one.
    onSuccess: () => setPress(newPress()),
  });
  return (
    <Stack gap="sm">
      <Group>
        <Button
          variant="light"
          loading={send.isPending}
          leftSection={<IconMailForward size={16} aria-hidden />}
          onClick={() => send.mutate()}
        >
          {t("letters.test")}
        </Button>
      </Group>
      {send.error && <ErrorNotice error={send.error} />}
      {send.data && (
        <ProofProgress
          key={send.data.id}
          proof={send.data}
          sent={(to) => t("letters.sent", { to })}
        />
      )}
    </Stack>
  );
}
