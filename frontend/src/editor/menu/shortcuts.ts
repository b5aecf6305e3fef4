/** The keys of the canvas, as they are listed and shown in menus; `useShortcuts` is what obeys them. */
export const SHORTCUTS = {
  adding: {
    pick: ["/"],
    connect: ["C"],
    note: ["N"],
    duplicate: ["Ctrl", "D"],
    copy: ["Ctrl", "C"],
    cut: ["Ctrl", "X"],
    paste: ["Ctrl", "V"],
    undo: ["Ctrl", "Z"],
    redo: ["Ctrl", "Y"],
  },
  step: {
    open: ["Enter"],
    rename: ["F2"],
    toggle: ["D"],
    remove: ["Del"],
    nudge: ["Ctrl", "← ↑ ↓ →"],
    close: ["Esc"],
  },
  looking: {
    walk: ["Tab", "← ↑ ↓ →"],
    lines: ["L"],
    search: ["Ctrl", "F"],
    selectAll: ["Ctrl", "A"],
    fit: ["1"],
    actualSize: ["0"],
    zoom: ["+", "−"],
    shortcuts: ["?"],
  },
} as const;

export const PARTS = ["adding", "step", "looking"] as const;

export const keyWords = (keys: readonly string[]): string => keys.join("+");
