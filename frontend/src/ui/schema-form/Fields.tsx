import { Stack } from "@mantine/core";
import { useCallback, useRef } from "react";

import type { Json, JsonObject } from "@/api/types";

import { Field } from "./Field";
import { type FieldSchema, pointerTo, visibleFields } from "./schema";

interface Props {
  schema: FieldSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  id: string;
  pointer: string;
}

/** The fields of one object, one under the other. */
export function Fields({ schema, value, onChange, id, pointer }: Props) {
  const set = useSetField(value, onChange);
  return (
    <Stack gap="md">
      {visibleFields(schema, value).map((field) => (
        <Field
          key={field.name}
          {...field}
          id={`${id}-${field.name}`}
          pointer={pointerTo(pointer, field.name)}
          value={value[field.name]}
          onChange={set}
        />
      ))}
    </Stack>
  );
}

/** Changes one field of the newest value, so that two changes in one tick do not lose one. */
function useSetField(
  value: JsonObject,
  onChange: (value: JsonObject) => void,
): (name: string, next: Json | undefined) => void {
  const latest = useRef({ value, onChange });
  // eslint-disable-next-line react-hooks/refs -- read in handlers only, never while rendering
  latest.current = { value, onChange };
  return useCallback((name, next) => {
    const rest = Object.fromEntries(
      Object.entries(latest.current.value).filter(([other]) => other !== name),
    );
    const changed = next === undefined ? rest : { ...latest.current.value, [name]: next };
    latest.current.value = changed;
    latest.current.onChange(changed);
  }, []);
}
