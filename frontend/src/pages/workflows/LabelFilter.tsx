import { Chip, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { labelsQuery } from "@/api/workflows";

interface Props {
  value: string | null;
  onChange: (label: string | null) => void;
}

/** Narrows the list to a label; pressed again, it shows everything. */
export function LabelFilter({ value, onChange }: Props) {
  const { t } = useTranslation("workflows");
  const { data: labels = [] } = useQuery(labelsQuery);
  if (labels.length === 0) return null;
  return (
    <Group gap={6} role="group" aria-label={t("labels.filter")}>
      {labels.map((label) => (
        <Chip
          key={label}
          size="xs"
          checked={label === value}
          onChange={(isOn) => onChange(isOn ? label : null)}
        >
          {label}
        </Chip>
      ))}
    </Group>
  );
}
