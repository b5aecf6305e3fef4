import "@/i18n/later/runs";

import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { happeningsQuery } from "@/api/runs";
import type { Happening } from "@/api/types";
import { useEventWords } from "@/pages/events/useEventWords";
import { Row, Rows } from "@/ui/Rows";
import { Time } from "@/ui/Time";

const COLUMNS = "minmax(0, 1fr) minmax(0, 2fr) 130px";

interface Props {
  search: string;
  /** Not before the list above it is there, which would push it about. */
  isShown: boolean;
}

/** What came in and fits the search, but started nothing; and why. */
export function Unanswered({ search, isShown }: Props) {
  const { t } = useTranslation("runs");
  const { data } = useQuery(happeningsQuery(search));
  if (!isShown) return null;
  const idle = data?.items.filter((one) => one.reason !== null) ?? [];
  // It started other workflows, so that the list above tells only half of it.
  const partly = data?.items.filter((one) => one.reason === null && one.kept_out.length > 0) ?? [];
  return (
    <>
      <Found title={t("unanswered.title", { count: idle.length })} happenings={idle} />
      <Found title={t("notQualified.title", { count: partly.length })} happenings={partly} />
    </>
  );
}

function Found({ title, happenings }: { title: string; happenings: Happening[] }) {
  if (happenings.length === 0) return null;
  return (
    <Stack component="section" gap="xs" mt="lg">
      <Title order={2} size="h3">
        {title}
      </Title>
      <Rows label={title}>
        {happenings.map((one) => (
          <IdleRow key={one.id} happening={one} />
        ))}
      </Rows>
    </Stack>
  );
}

function IdleRow({ happening }: { happening: Happening }) {
  const wordsOf = useEventWords();
  return (
    <Row columns={COLUMNS}>
      <div>
        <Anchor component={Link} to={`/events?open=${happening.id}`} c="var(--cw-text)" fw={600}>
          {happening.label ?? wordsOf(happening.type)}
        </Anchor>
        {happening.label && (
          <Text size="sm" c="dimmed" truncate>
            {wordsOf(happening.type)}
          </Text>
        )}
      </div>
      <Text size="sm">
        <WhyNot happening={happening} />
      </Text>
      <Text size="sm" c="dimmed">
        <Time at={happening.received_at} />
      </Text>
    </Row>
  );
}

/** Why it started nothing, and for which workflows it did not qualify. */
export function WhyNot({ happening }: { happening: Happening }) {
  const { t } = useTranslation("runs");
  return (
    <>
      <WhyNothing reason={happening.reason} />
      {happening.kept_out.map(({ workflow_id: id, workflow_name: name, words }) => (
        <Text key={id} component="span" size="sm" display="block">
          {t("keptOut", { name, words: words ?? "" })}
        </Text>
      ))}
    </>
  );
}

function WhyNothing({ reason }: { reason: Happening["reason"] }) {
  const { t } = useTranslation("runs");
  if (!reason) return null;
  const names = reason.workflows ?? [];
  return (
    <>
      {t(`reason.${reason.code}`)}{" "}
      {names.length > 0 && names.map((name) => t("quoted", { name })).join(", ")}
    </>
  );
}
