import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@/ui/tokens.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { startTexts } from "@/i18n";
import { languageFor } from "@/i18n/reading";

import { App } from "./App";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await startTexts(languageFor());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
