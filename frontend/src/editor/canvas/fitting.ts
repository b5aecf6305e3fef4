/** How everything is brought into view: with some air around it, and never larger than life. */
export const FIT = { padding: 0.2, maxZoom: 1 };
export const FIT_VIEW = { ...FIT, duration: 200 };
