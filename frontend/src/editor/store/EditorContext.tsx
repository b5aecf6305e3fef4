import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";

import type { EditorState, EditorStore } from "./editorStore";
import type { Motion } from "./motion";

const Context = createContext<EditorStore | null>(null);

export function EditorProvider({ store, children }: { store: EditorStore; children: ReactNode }) {
  return <Context value={store}>{children}</Context>;
}

export function useEditorStore(): EditorStore {
  const store = useContext(Context);
  if (!store) throw new Error("This part of the editor stands outside an EditorProvider.");
  return store;
}

/** Subscribes to a part of the editor's state; the selector must give stable values. */
export function useEditor<Part>(selector: (state: EditorState) => Part): Part {
  return useStore(useEditorStore(), selector);
}

/** Subscribes to what moves while a gesture lasts. */
export function useMotion<Part>(selector: (motion: Motion) => Part): Part {
  return useStore(useEditorStore().getState().motion, selector);
}
