import { defineConfig, mergeConfig } from "vitest/config";

import vite from "./vite.config.ts";

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      projects: [
        {
          extends: true,
          test: {
            // A file that needs a document begins with `// @vitest-environment jsdom`: making one
            // costs more than most of these tests do.
            name: "core",
            environment: "node",
            testTimeout: 30_000,
            include: ["src/**/*.test.ts"],
          },
        },
        {
          extends: true,
          test: {
            name: "screen",
            environment: "jsdom",
            testTimeout: 60_000,
            include: ["src/**/*.test.tsx"],
            setupFiles: ["src/test/setup.ts"],
            css: { modules: { classNameStrategy: "non-scoped" } },
          },
        },
      ],
    },
  }),
);
