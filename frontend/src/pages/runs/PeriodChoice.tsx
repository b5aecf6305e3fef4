import "@/i18n/later/runs";

import { Button, Group, Menu, TextInput } from "@mantine/core";
import { IconCalendar, IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { useFormats } from "@/ui/formats";

import { isDay, lastDays, type Period } from "./period";

interface Props {
  period: Period;
  onChange: (period: Period) => void;
}

const PRESETS = [1, 7, 30] as const;

/** Today, the last days, or from one day to another. */
export function PeriodChoice({ period, onChange }: Props) {
  const { t } = useTranslation("runs");
  const zone = useSession().workspace.timezone;
  const words = usePeriodWords(period);
  const set = (name: keyof Period, day: string) => {
    const next = { ...period, [name]: isDay(day) ? day : undefined };
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value)));
  };
  return (
    <Menu position="bottom-start" closeOnItemClick>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {words}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChange({})}>{t("period.any")}</Menu.Item>
        {PRESETS.map((days) => (
          <Menu.Item key={days} onClick={() => onChange(lastDays(days, zone, new Date()))}>
            {days === 1 ? t("period.today") : t("period.days", { count: days })}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Group gap="xs" p="xs" wrap="nowrap" onKeyDown={(event) => event.stopPropagation()}>
          <TextInput
            type="date"
            size="xs"
            label={t("period.from")}
            value={period.from ?? ""}
            onChange={(event) => set("from", event.currentTarget.value)}
          />
          <TextInput
            type="date"
            size="xs"
            label={t("period.to")}
            value={period.to ?? ""}
            onChange={(event) => set("to", event.currentTarget.value)}
          />
        </Group>
      </Menu.Dropdown>
    </Menu>
  );
}

function usePeriodWords({ from, to }: Period): string {
  const { t } = useTranslation("runs");
  const { day } = useFormats();
  if (from && to)
    return from === to ? day(from) : t("period.between", { from: day(from), to: day(to) });
  if (from) return t("period.since", { from: day(from) });
  if (to) return t("period.until", { to: day(to) });
  return t("period.any");
}
