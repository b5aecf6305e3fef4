import type { SheetFile } from "@/api/tables";

/** The files that hold rows, as a file field names them. */
export const SHEETS = ".csv,.xlsx,text/csv";

/** A file as the server takes it. */
export async function readFile(file: File): Promise<SheetFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces: string[] = [];
  // In pieces: a call can take only so many arguments.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return { name: file.name, content: btoa(pieces.join("")) };
}

/** A file's name as a table's. */
export function nameFrom(file: string): string {
  const bare = file
    .replace(/\.[^.]*$/, "")
    .replaceAll(/[_\s]+/g, " ")
    .trim();
  return bare.slice(0, 100);
}
