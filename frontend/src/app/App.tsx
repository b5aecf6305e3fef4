import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { orLater } from "@/ui/orLater";

import { createQueryClient } from "./queryClient";
import { createAppRouter } from "./router";
import { theme, variables } from "./theme";
import { UpdateNotice } from "./UpdateNotice";

// Messages that are sent before this is here are kept, and shown then.
const Notices = lazy(async () => ({
  default: (await orLater(() => import("./Notices"))).Notices,
}));

export function App() {
  const [queryClient] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter(queryClient));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <UpdateNotice />
        <Suspense>
          <Notices />
        </Suspense>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
