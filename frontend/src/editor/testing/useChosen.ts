import { useRef, useState } from "react";

import type { JsonObject } from "@/api/types";

import type { TestSource } from "./testSource";

interface Chosen {
  readonly key: string | null;
  readonly data: JsonObject;
}

type Load = (key: string) => Promise<JsonObject | null>;

/** What the test begins with. The data of a past event are fetched when it is chosen; a test that
 * began before they are here would play what was chosen before. */
export function useChosen(sources: readonly TestSource[], load: Load) {
  const [chosen, setChosen] = useState<Chosen>({
    key: sources[0]?.key ?? null,
    data: sources[0]?.data ?? {},
  });
  const [awaited, setAwaited] = useState<string | null>(null);
  const last = useRef(chosen.key);
  const choose = async (key: string): Promise<void> => {
    last.current = key;
    setAwaited(key);
    const data = await load(key);
    if (last.current !== key) return; // somebody chose another one meanwhile
    setAwaited(null);
    if (data) setChosen({ key, data });
    else last.current = chosen.key;
  };
  const edit = (data: JsonObject): void => setChosen({ ...chosen, data });
  return {
    chosen: { ...chosen, key: awaited ?? chosen.key },
    isLoading: awaited !== null,
    choose,
    edit,
  };
}
