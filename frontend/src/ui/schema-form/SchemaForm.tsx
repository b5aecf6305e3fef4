import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";

import { orLater } from "@/ui/orLater";

import type { FormProps } from "./Form";

const Form = lazy(async () => ({ default: (await orLater(() => import("./Form"))).Form }));

/**
 * A form made from a JSON Schema; see `Form`. Its widgets and the validator are fetched when the
 * first form opens, so that a page can be seen before.
 */
export function SchemaForm(props: FormProps) {
  return (
    <Suspense fallback={<Skeleton height={180} />}>
      <Form {...props} />
    </Suspense>
  );
}
