import type { WorkflowFile } from "@/api/types";

/** Hands a workflow to the browser as a download. */
export function saveFile(file: WorkflowFile): void {
  const content = new Blob([JSON.stringify(file, null, 2)], { type: "application/json" });
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(file.name);
  link.click();
  URL.revokeObjectURL(address);
}

/** The name without what file systems do not like. */
export function fileName(name: string): string {
  const bare = name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  return `${bare || "workflow"}.cartwheel.json`;
}
