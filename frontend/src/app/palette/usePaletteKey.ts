import { useEffect } from "react";

import { closePalette, openPalette, usePalette } from "./offers";

/** Ctrl+K or ⌘K, from anywhere. */
export function usePaletteKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isOurs = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (!isOurs || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (usePalette.getState().isOpen) closePalette();
      else openPalette();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}
