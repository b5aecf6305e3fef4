// Says how much JavaScript each page loads, gzipped, and fails where that is over its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KILOBYTE = 1000;
const BUDGETS = {
  "src/pages/workflows/WorkflowsPage.tsx": 300,
  "src/pages/session/LoginPage.tsx": 300,
  "src/editor/EditorPage.tsx": 350,
  "src/editor/RunPage.tsx": 350,
};

const folder = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", folder)));

/** Every script that must be there before `name` can be shown. */
function scriptsOf(name, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const other of chunk.imports ?? []) scriptsOf(other, found);
  return found;
}

function kilobytes(files) {
  const sizes = [...files].map((file) => gzipSync(readFileSync(new URL(file, folder))).length);
  return sizes.reduce((sum, size) => sum + size, 0) / KILOBYTE;
}

let over = false;
for (const [page, budget] of Object.entries(BUDGETS)) {
  const size = kilobytes(new Set([...scriptsOf("index.html"), ...scriptsOf(page)]));
  over ||= size > budget;
  console.log(`${size.toFixed(0).padStart(4)} kB of ${budget}  ${page}`);
}
process.exitCode = over ? 1 : 0;
