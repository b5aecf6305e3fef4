import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";

import { nodeTypesQuery } from "@/api/catalog";
import { ApiProblem } from "@/api/problem";
import { whenSignedOut } from "@/api/client";
import { isRunStatus } from "@/api/runs";
import { sessionQuery } from "@/api/session";
import { isDay } from "@/pages/runs/period";
import type { RunsSearch } from "@/pages/runs/RunFilters";
import { orLater } from "@/ui/orLater";

import { NotFoundPage } from "./NotFoundPage";
import { PageFault } from "./PageFault";
import { PagePending } from "./PagePending";
import { Shell } from "./Shell";

interface Context {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFault,
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/session/LoginPage")),
    "LoginPage",
  ),
});

const loginLinkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login/$token",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/session/LoginLinkPage")),
    "LoginLinkPage",
  ),
});

/** Everything below it needs a session; without one the sign-in remembers where to go on. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.query({ ...sessionQuery, staleTime: "static" });
    } catch (reason) {
      if (!(reason instanceof ApiProblem) || reason.status !== 401) throw reason;
      // TanStack Router's redirects are thrown by design.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw redirect({
        to: "/login",
        search: location.href === "/" ? {} : { next: location.href },
      });
    }
  },
});

const passwordRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/password",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/session/PasswordPage")),
    "PasswordPage",
  ),
});

const shellRoute = createRoute({
  getParentRoute: () => signedInRoute,
  id: "shell",
  component: Shell,
});

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/workflows" });
  },
});

const workflowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/workflows",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/workflows/WorkflowsPage")),
    "WorkflowsPage",
  ),
});

const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/templates",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/start/TemplatesPage")),
    "TemplatesPage",
  ),
});

/** The catalogue comes while the canvas's script does, not after it. */
function fetchCatalog({ context }: { context: Context }): void {
  // What went wrong is said by the page, which asks for it, too.
  context.queryClient.query(nodeTypesQuery).catch(() => undefined);
}

const workflowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/workflows/$id",
  loader: fetchCatalog,
  component: lazyRouteComponent(() => orLater(() => import("@/editor/EditorPage")), "EditorPage"),
});

const underwayRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/workflows/$id/waiting",
  validateSearch: (search: Record<string, unknown>): { node?: string } =>
    typeof search.node === "string" ? { node: search.node } : {},
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/underway/UnderwayPage")),
    "UnderwayPage",
  ),
});

const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs",
  validateSearch: (search: Record<string, unknown>): RunsSearch => ({
    ...(typeof search.workflow === "string" ? { workflow: search.workflow } : {}),
    ...(isRunStatus(search.status) ? { status: search.status } : {}),
    ...(typeof search.search === "string" ? { search: search.search } : {}),
    ...(isDay(search.from) ? { from: search.from } : {}),
    ...(isDay(search.to) ? { to: search.to } : {}),
  }),
  component: lazyRouteComponent(() => orLater(() => import("@/pages/runs/RunsPage")), "RunsPage"),
});

const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/runs/$id",
  loader: fetchCatalog,
  component: lazyRouteComponent(() => orLater(() => import("@/editor/RunPage")), "RunPage"),
});

const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/approvals",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/approvals/ApprovalsPage")),
    "ApprovalsPage",
  ),
});

const outboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/outbox",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/outbox/OutboxPage")),
    "OutboxPage",
  ),
});

/** Which of the things on the page is open. */
const opensOne = (search: Record<string, unknown>): { open?: string } =>
  typeof search.open === "string" ? { open: search.open } : {};

const connectionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/connections",
  validateSearch: opensOne,
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/connections/ConnectionsPage")),
    "ConnectionsPage",
  ),
});

const tablesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tables",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/tables/TablesPage")),
    "TablesPage",
  ),
});

const tableRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/tables/$id",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/tables/TablePage")),
    "TablePage",
  ),
});

const eventsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/events",
  validateSearch: opensOne,
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/events/EventsPage")),
    "EventsPage",
  ),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  component: lazyRouteComponent(
    () => orLater(() => import("@/pages/settings/SettingsPage")),
    "SettingsPage",
  ),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  loginLinkRoute,
  signedInRoute.addChildren([
    passwordRoute,
    shellRoute.addChildren([
      homeRoute,
      workflowsRoute,
      templatesRoute,
      workflowRoute,
      underwayRoute,
      runsRoute,
      runRoute,
      approvalsRoute,
      outboxRoute,
      connectionsRoute,
      eventsRoute,
      tablesRoute,
      tableRoute,
      settingsRoute,
    ]),
  ]),
]);

/** `history` is the browser's, unless a test brings its own. */
export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  const router = createRouter({
    routeTree,
    ...(history ? { history } : {}),
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFault,
    scrollRestoration: true,
  });
  whenSignedOut(once(() => askToSignIn(router, queryClient)));
  return router;
}

/** Leaves for the sign-in; what was known is forgotten after the pages that show it are gone. */
async function askToSignIn(
  router: ReturnType<typeof createAppRouter>,
  queryClient: QueryClient,
): Promise<void> {
  const next = router.history.location.href;
  if (!next.startsWith("/login")) await router.navigate({ to: "/login", search: { next } });
  queryClient.clear();
}

/** Does not begin anew while it is still under way: many requests may be refused at once. */
function once(act: () => Promise<void>): () => void {
  let underWay = false;
  return () => {
    if (underWay) return;
    underWay = true;
    void act().finally(() => (underWay = false));
  };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
