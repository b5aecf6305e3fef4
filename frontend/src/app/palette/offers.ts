import { useEffect } from "react";
import { create } from "zustand";

/** One thing that the palette can go to or do. */
export interface Offer {
  readonly id: string;
  readonly label: string;
  /** What kind of thing it is, or where it lies. */
  readonly hint?: string;
  readonly act: () => void;
}

interface Palette {
  readonly isOpen: boolean;
  /** What the page that is open adds, such as the steps of its workflow. */
  readonly ofPage: readonly Offer[];
}

export const usePalette = create<Palette>(() => ({ isOpen: false, ofPage: [] }));

export const openPalette = () => usePalette.setState({ isOpen: true });
export const closePalette = () => usePalette.setState({ isOpen: false });

/** Offers things of this page for as long as it is shown. */
export function useOffers(offers: readonly Offer[]): void {
  useEffect(() => {
    usePalette.setState({ ofPage: offers });
    return () => usePalette.setState({ ofPage: [] });
  }, [offers]);
}
