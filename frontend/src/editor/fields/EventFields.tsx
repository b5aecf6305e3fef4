import "@/i18n/later/editor";

import { Autocomplete, Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventQuery, eventsQuery } from "@/api/events";
import { type FieldProps, useForm } from "@/ui/schema-form/form";
import { useNotify } from "@/ui/notify";
import { frameOf } from "@/ui/schema-form/widgets/frame";
import { asText, placeholderOf } from "@/ui/schema-form/widgets/TextField";

import { JsonText } from "./JsonText";

/** The name of an event; those that came in lately are offered. */
export function EventTypeField(props: FieldProps) {
  const { data } = useInfiniteQuery(eventsQuery());
  const types = new Set(data?.pages.flatMap((page) => page.items.map((event) => event.type)));
  return (
    <Autocomplete
      {...frameOf(props)}
      placeholder={placeholderOf(props)}
      data={[...types]}
      value={asText(props.value)}
      onChange={(value) => props.onChange(value === "" ? undefined : value)}
      onBlur={props.onBlur}
    />
  );
}

/** An example of an event's data, written by hand or taken from the last one that came in. */
export function EventSampleField(props: FieldProps) {
  const { t } = useTranslation("editor");
  const { done, failed } = useNotify();
  const client = useQueryClient();
  const eventType = asText(useForm().value.event_type);
  const [taken, setTaken] = useState(0);
  const takeLast = async (): Promise<void> => {
    try {
      const { pages } = await client.infiniteQuery(eventsQuery(eventType));
      const last = pages[0]?.items[0];
      if (last) props.onChange((await client.query(eventQuery(last.id))).data);
      else done(t("event.none"));
      setTaken((count) => count + 1);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <div>
      <JsonText
        {...frameOf(props)}
        key={taken}
        value={props.value}
        onChange={props.onChange}
        onBlur={props.onBlur}
      />
      {eventType !== "" && !props.disabled && (
        <Button mt={6} size="compact-sm" variant="light" onClick={() => void takeLast()}>
          {t("event.takeLast")}
        </Button>
      )}
    </div>
  );
}
