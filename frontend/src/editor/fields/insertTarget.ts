import { createContext, type RefObject, useContext } from "react";

/** Puts a text where the cursor was last; nothing before a text field was entered. */
export type Insert = (text: string) => void;

/** The text field of the form that had the focus last. */
export const InsertTarget = createContext<RefObject<Insert | null>>({ current: null });

export const useInsertTarget = (): RefObject<Insert | null> => useContext(InsertTarget);
