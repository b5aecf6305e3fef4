/** An SVG reduced to what only draws: no scripts, links, styles or references. */
export interface Shape {
  tag: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly Shape[];
}

const TAGS = new Set("svg g path circle ellipse rect line polyline polygon".split(" "));

const ATTRIBUTES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "viewBox d cx cy r rx ry x y x1 y1 x2 y2 width height points transform opacity fill " +
    "fill-opacity fill-rule clip-rule stroke stroke-width stroke-linecap stroke-linejoin " +
    "stroke-dasharray stroke-opacity"
  )
    .split(" ")
    .map((name) => [name, name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase())]),
);

const known = new Map<string, Shape | null>();

/** Reads the text of an SVG; nothing when it is none. Node packs come from anywhere. */
export function readDrawing(svg: string): Shape | null {
  const before = known.get(svg);
  if (before !== undefined) return before;
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const drawing = root.tagName === "svg" ? shapeOf(root) : null;
  known.set(svg, drawing);
  return drawing;
}

function shapeOf(element: Element): Shape {
  return {
    tag: element.tagName,
    attributes: Object.fromEntries(
      [...element.attributes].flatMap(({ name, value }) => {
        const property = ATTRIBUTES[name];
        return property && !/url\s*\(|:/i.test(value) ? [[property, value]] : [];
      }),
    ),
    children: [...element.children].filter(({ tagName }) => TAGS.has(tagName)).map(shapeOf),
  };
}
