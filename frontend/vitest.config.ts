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
            name: "core",
            environment: "node",
            testTimeout: 30_000,
            include: ["src/{graph,api,i18n}/**/*.test.ts"],
          },
        },
        {
          extends: true,
          test: {
            name: "screen",
            environment: "jsdom",
            testTimeout: 60_000,
            include: ["src/{app,editor,pages,ui}/**/*.test.{ts,tsx}"],
            setupFiles: ["src/test/setup.ts"],
            css: { modules: { classNameStrategy: "non-scoped" } },
          },
        },
      ],
    },
  }),
);
