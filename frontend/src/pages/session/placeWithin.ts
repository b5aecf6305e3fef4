/** The page to go on to after signing in; never an address of somebody else's. */
export function placeWithin(next: string | undefined): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.startsWith("/\\"))
    return "/workflows";
  return next;
}
