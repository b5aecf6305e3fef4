/** Below this zoom cards are plain blocks with their names, and edges plain lines. */
const FAR_ZOOM = 0.45;

export const isFar = ({ zoom }: { readonly zoom: number }): boolean => zoom < FAR_ZOOM;
