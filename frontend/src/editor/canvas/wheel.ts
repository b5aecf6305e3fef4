import { useLocalStorage } from "@mantine/hooks";

export type Wheel = "pan" | "zoom";

/** What the wheel does: pan, as on a trackpad, or zoom, as people with a mouse may prefer. */
export function useWheel() {
  return useLocalStorage<Wheel>({
    key: "cartwheel.wheel",
    defaultValue: "pan",
    getInitialValueInEffect: false,
  });
}
