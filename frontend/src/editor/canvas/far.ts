/** Below this zoom cards are plain blocks with their names, and edges plain lines. */
const FAR_ZOOM = 0.45;

export const isFar = ({ transform }: { transform: [number, number, number] }): boolean =>
  transform[2] < FAR_ZOOM;
