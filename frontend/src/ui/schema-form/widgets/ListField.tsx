import { ActionIcon, Button, Group, Input, Paper, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";

import { Field } from "../Field";
import { Fields } from "../Fields";
import type { FieldProps } from "../form";
import { defaultsOf, type FieldSchema, pointerTo, typeOf } from "../schema";
import { asList, asObject } from "@/api/json";
import { withMadeIds } from "./madeIds";

/** A list that can grow, shrink and be put in order. */
export function ListField(props: FieldProps) {
  const { schema, label, description, error, required, disabled, onChange, onBlur } = props;
  const { t } = useTranslation("form");
  const items = asList(props.value);
  const itemSchema = schema.items ?? {};
  const itemName = itemSchema.title?.toLowerCase();
  const set = (next: Json[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      withAsterisk={required}
      labelElement="div"
      role="group"
      aria-label={label}
    >
      <Stack gap="sm" mt={6} onBlur={onBlur}>
        {items.map((_item, index) => (
          <Item key={index} form={props} items={items} index={index} onChange={set} />
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={disabled || items.length >= (schema.maxItems ?? Infinity)}
            onClick={() => set([...items, withMadeIds(emptyItem(itemSchema), itemSchema, items)])}
          >
            {itemName ? t("list.addNamed", { name: itemName }) : t("list.add")}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

function emptyItem(schema: FieldSchema): Json {
  return typeOf(schema) === "object" ? defaultsOf(schema) : (schema.default ?? "");
}

interface ItemProps {
  form: FieldProps;
  items: readonly Json[];
  index: number;
  onChange: (items: Json[]) => void;
}

function Item({ form, items, index, onChange }: ItemProps) {
  const { t } = useTranslation("form");
  return (
    <Paper
      withBorder
      p="sm"
      radius="md"
      role="group"
      aria-label={t("list.item", { number: index + 1 })}
    >
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text size="sm" c="dimmed" fw={600} aria-hidden>
          {index + 1}
        </Text>
        <ItemButtons form={form} items={items} index={index} onChange={onChange} />
      </Group>
      <ItemBody form={form} items={items} index={index} onChange={onChange} />
    </Paper>
  );
}

function ItemBody({ form, items, index, onChange }: ItemProps) {
  const { t } = useTranslation("form");
  const schema = form.schema.items ?? {};
  const place = {
    id: `${form.id}-${index}`,
    pointer: pointerTo(form.pointer, index),
  };
  const set = (next: Json) => onChange(items.with(index, next));
  if (typeOf(schema) === "object") {
    return <Fields {...place} schema={schema} value={asObject(items[index])} onChange={set} />;
  }
  return (
    <Field
      {...place}
      name={String(index)}
      schema={schema}
      required
      bare
      label={t("list.item", { number: index + 1 })}
      value={items[index]}
      onChange={(_name, value) => set(value ?? "")}
    />
  );
}

function ItemButtons({ form, items, index, onChange }: ItemProps) {
  const { t } = useTranslation("form");
  const moved = (by: number) => {
    const rest = items.toSpliced(index, 1);
    return rest.toSpliced(index + by, 0, items[index] ?? null);
  };
  return (
    <ActionIcon.Group>
      <ActionIcon
        variant="default"
        disabled={form.disabled || index === 0}
        aria-label={t("list.up")}
        onClick={() => onChange(moved(-1))}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        disabled={form.disabled || index === items.length - 1}
        aria-label={t("list.down")}
        onClick={() => onChange(moved(1))}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        disabled={form.disabled}
        aria-label={t("list.remove")}
        onClick={() => onChange(items.toSpliced(index, 1))}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </ActionIcon.Group>
  );
}
