import {
  IconActivity,
  IconBolt,
  IconChecklist,
  IconInbox,
  IconPlugConnected,
  IconSettings,
  IconSitemap,
  IconTable,
} from "@tabler/icons-react";

/** Where the navigation leads, the most visited first. */
export const PLACES = [
  { to: "/workflows", key: "nav.workflows", icon: IconSitemap },
  { to: "/runs", key: "nav.runs", icon: IconActivity },
  { to: "/approvals", key: "nav.approvals", icon: IconChecklist },
  { to: "/outbox", key: "nav.outbox", icon: IconInbox },
  { to: "/events", key: "nav.events", icon: IconBolt },
  { to: "/tables", key: "nav.tables", icon: IconTable },
  { to: "/connections", key: "nav.connections", icon: IconPlugConnected },
  { to: "/settings", key: "nav.settings", icon: IconSettings },
] as const;

export type Place = (typeof PLACES)[number];
