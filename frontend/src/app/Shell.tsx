import { Anchor, AppShell } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Outlet, useMatchRoute } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useLiveUpdates, useStream } from "@/api/stream";
import { orLater } from "@/ui/orLater";

import { SideBar } from "./Navigation";
import { usePalette } from "./palette/offers";
import { usePaletteKey } from "./palette/usePaletteKey";
import { useFirstSteps } from "./useFirstSteps";
import { useLanguage } from "./useLanguage";

const loadPalette = () => orLater(() => import("./palette/CommandPalette"));
const CommandPalette = lazy(async () => ({ default: (await loadPalette()).CommandPalette }));

const BottomBar = lazy(async () => ({
  default: (await orLater(() => import("./BottomBar"))).BottomBar,
}));

const Troubles = lazy(async () => ({
  default: (await orLater(() => import("./Troubles"))).Troubles,
}));

const StorageNotice = lazy(async () => ({
  default: (await orLater(() => import("./StorageNotice"))).StorageNotice,
}));

const PAGE_FIRST_MS = 1_500;

/** Fetched before somebody asks for it, so that no letter typed after Ctrl+K is lost. */
function usePaletteInTime(): void {
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PAGE_FIRST_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** The frame of every signed-in page: navigation left, at the bottom on a narrow screen. */
export function Shell() {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const onCanvas = useOnCanvas();
  useLiveUpdates();
  useLanguage();
  useFirstSteps();
  usePaletteKey();
  usePaletteInTime();
  const isLive = useStream((state) => state.live);
  const paletteIsOpen = usePalette((state) => state.isOpen);
  return (
    <AppShell
      navbar={{ width: onCanvas ? 64 : 224, breakpoint: "sm", collapsed: { mobile: true } }}
      footer={{ height: 60, collapsed: !narrow }}
      padding={0}
      data-live={isLive}
    >
      <Anchor href="#content" className="cw-skip">
        {t("nav.skip")}
      </Anchor>
      {!narrow && (
        <AppShell.Navbar>
          <SideBar small={onCanvas} />
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1}>
        {!onCanvas && (
          <Suspense fallback={null}>
            <StorageNotice />
            <Troubles />
          </Suspense>
        )}
        <Outlet />
      </AppShell.Main>
      {paletteIsOpen && (
        <Suspense>
          <CommandPalette />
        </Suspense>
      )}
      {narrow && (
        <AppShell.Footer>
          <Suspense>
            <BottomBar />
          </Suspense>
        </AppShell.Footer>
      )}
    </AppShell>
  );
}

/** The canvas needs the room, so the navigation shrinks to its icons there. */
function useOnCanvas(): boolean {
  const matches = useMatchRoute();
  return Boolean(matches({ to: "/workflows/$id" }) || matches({ to: "/runs/$id" }));
}
