import { lazy, Suspense } from "react";

import { orLater } from "@/ui/orLater";

import { useEditor } from "../store/EditorContext";

const CardNumbers = lazy(async () => ({
  default: (await orLater(() => import("./CardNumbers"))).CardNumbers,
}));

interface Props {
  nodeId: string;
  isTrigger: boolean;
}

/** Fetched where there are numbers. A test's own marks go before them. */
export function LazyCardNumbers(props: Props) {
  const has = useEditor(({ numbers, trace }) => numbers !== null && trace === null);
  if (!has) return null;
  return (
    <Suspense fallback={null}>
      <CardNumbers {...props} />
    </Suspense>
  );
}
