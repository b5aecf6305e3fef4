import { useEffect, useState } from "react";

import { looksLikeWorkflow } from "./importing";

interface Given {
  /** The last text that was dropped or pasted. */
  text: string | null;
  /** Whether a file hovers over the page. */
  hovers: boolean;
  forget: () => void;
}

/** Files dropped anywhere on the page, and workflows pasted outside of every field. */
export function useGivenText(): Given {
  const [text, setText] = useState<string | null>(null);
  const [hovers, setHovers] = useState(false);
  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setHovers(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setHovers(false);
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      setHovers(false);
      void file.text().then(setText);
    };
    const paste = (event: ClipboardEvent) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (!isInField(event.target) && looksLikeWorkflow(pasted)) setText(pasted);
    };
    document.addEventListener("dragover", hover);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", hover);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
    };
  }, []);
  return { text, hovers, forget: () => setText(null) };
}

function isInField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
}
