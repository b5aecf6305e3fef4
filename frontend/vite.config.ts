import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `vite dev` talks to a Cartwheel that runs elsewhere; the build needs neither.
const api = process.env.CARTWHEEL_DEV_API ?? "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": api, "/hooks": api } },
  build: {
    target: "es2022",
    // The Content-Security-Policy lets only images be `data:`, so nothing is inlined by size.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
  },
});
