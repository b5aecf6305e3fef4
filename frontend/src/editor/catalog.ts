import { useMemo } from "react";

import { useNodeTypes } from "@/api/catalog";
import { Catalog } from "@/graph/catalog";

/** The node types, which the server tells in the reader's language; nothing while on their way. */
export function useCatalog(): { catalog: Catalog | undefined; error: Error | null } {
  const { data, error } = useNodeTypes();
  const catalog = useMemo(() => data && new Catalog(data), [data]);
  return { catalog, error };
}
