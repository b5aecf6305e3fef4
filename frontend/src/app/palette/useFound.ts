import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useConnections } from "@/api/connections";
import { runsQuery } from "@/api/runs";
import { workflowsQuery } from "@/api/workflows";
import { LANGUAGES } from "@/i18n";

import { useLanguageChoice } from "../useLanguage";
import { PLACES } from "../places";
import { type Offer, usePalette } from "./offers";

export interface FoundGroup {
  readonly title: string;
  readonly offers: readonly Offer[];
}

const TYPING_PAUSE_MS = 150;
const MOST = 6;

export interface Found {
  readonly groups: readonly FoundGroup[];
  /** Whether the server has still to say what fits the words that are typed now. */
  readonly isAwaited: boolean;
}

/** What fits the typed words, by kind; without words, what one would most likely want. */
export function useFound(typed: string): Found {
  const { t } = useTranslation(["command", "common"]);
  const [asked] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const fits = (label: string) => includes(label, typed);
  const workflows = useWorkflowOffers(asked);
  const runs = useRunOffers(asked);
  const ofRuns = { title: t("runs"), offers: runs.offers };
  const [before, after] = runs.hasFound ? [[ofRuns], []] : [[], [ofRuns]];
  const groups: FoundGroup[] = [
    {
      title: t("steps"),
      offers: usePalette((state) => state.ofPage).filter(({ label }) => fits(label)),
    },
    { title: t("workflows"), offers: workflows.offers },
    ...before,
    { title: t("connections"), offers: useConnectionOffers().filter(({ label }) => fits(label)) },
    { title: t("places"), offers: usePlaceOffers().filter(({ label }) => fits(label)) },
    ...after,
  ];
  return {
    groups: groups
      .map(({ title, offers }) => ({
        title,
        offers: offers.slice(0, title === t("places") ? PLACES.length : MOST),
      }))
      .filter(({ offers }) => offers.length > 0),
    isAwaited: asked !== typed.trim() || workflows.isLoading || runs.isLoading,
  };
}

/** Case and accents do not count: "zamowienie" finds "Zamówienie". */
function includes(label: string, typed: string): boolean {
  return plain(label).includes(plain(typed.trim()));
}

const plain = (text: string) =>
  text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("ł", "l").toLocaleLowerCase();

interface Asked {
  readonly offers: Offer[];
  readonly isLoading: boolean;
}

function useWorkflowOffers(asked: string): Asked {
  const navigate = useNavigate();
  const { data, isLoading } = useInfiniteQuery(workflowsQuery(asked));
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  const offers = found.map(({ id, name }) => ({
    id: `workflow-${id}`,
    label: name,
    act: () => void navigate({ to: `/workflows/${id}` }),
  }));
  return { offers, isLoading };
}

/** Runs, and the way to their list; that comes last of all where no run was found. */
function useRunOffers(asked: string): Asked & { readonly hasFound: boolean } {
  const { t } = useTranslation(["command", "common"]);
  const navigate = useNavigate();
  const { data, isLoading } = useInfiniteQuery({
    ...runsQuery({ search: asked }),
    enabled: asked !== "",
  });
  if (asked === "") return { offers: [], isLoading, hasFound: false };
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  const runs = found.map((run) => ({
    id: `run-${run.id}`,
    label: [run.label, run.contact].filter(Boolean).join(" · ") || run.workflow_name,
    hint: `${run.workflow_name} · ${t(`common:status.${run.status}`)}`,
    act: () => void navigate({ to: `/runs/${run.id}` }),
  }));
  const all = {
    id: "everything",
    label: t("everything", { search: asked }),
    act: () => void navigate({ to: "/runs", search: { search: asked } }),
  };
  return { offers: [...runs.slice(0, MOST - 1), all], isLoading, hasFound: runs.length > 0 };
}

function useConnectionOffers(): Offer[] {
  const navigate = useNavigate();
  const { data = [] } = useConnections();
  return data.map(({ id, name, is_sandbox: isSandbox }) => ({
    id: `connection-${id}`,
    label: name,
    act: () =>
      void navigate(isSandbox ? { to: "/outbox" } : { to: "/connections", search: { open: id } }),
  }));
}

function usePlaceOffers(): Offer[] {
  const { t } = useTranslation(["command", "common"]);
  const navigate = useNavigate();
  const [present, choose] = useLanguageChoice();
  return [
    ...PLACES.map(({ to, key }) => ({
      id: to,
      label: t(`common:${key}`),
      act: () => void navigate({ to }),
    })),
    ...Object.entries(LANGUAGES)
      .filter(([language]) => language !== present)
      .map(([language, name]) => ({
        id: `language-${language}`,
        label: t("speak", { language: name }),
        act: () => choose(language),
      })),
    { id: "api", label: t("api"), act: () => void window.open("/api/docs", "_blank") },
  ];
}
