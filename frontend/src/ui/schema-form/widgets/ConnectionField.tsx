import { Anchor, Select, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useConnections } from "@/api/connections";
import type { Connection } from "@/api/types";

import type { FieldProps } from "../form";
import { frameOf } from "./frame";

/** Which account a step uses; nothing chosen means the shop's usual one, at first the sandbox. */
export function ConnectionField(props: FieldProps) {
  const { schema, value, onChange, onBlur } = props;
  const { t } = useTranslation("form");
  const { data: connections = [] } = useConnections();
  const apps = schema["x-connection-app"];
  const fitting = connections.filter(({ app }) => !apps || apps.includes(app));
  return (
    <div>
      <Select
        {...frameOf(props)}
        clearable
        placeholder={t(schema["x-connection-optional"] ? "connection.none" : "connection.usual")}
        data={fitting.map((connection) => ({
          value: connection.id,
          label: nameOf(connection, t("connection.sandbox"), t("connection.broken")),
        }))}
        value={typeof value === "string" ? value : null}
        onChange={(chosen) => onChange(chosen ?? undefined)}
        onBlur={onBlur}
      />
      <Text size="xs" mt={4}>
        <Anchor component={Link} to="/connections" inherit>
          {t("connection.manage")}
        </Anchor>
      </Text>
    </div>
  );
}

function nameOf(connection: Connection, sandbox: string, broken: string): string {
  if (connection.is_sandbox) return `${connection.name} (${sandbox})`;
  return connection.status === "broken" ? `${connection.name} (${broken})` : connection.name;
}
