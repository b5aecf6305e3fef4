import { IconQuestionMark } from "@tabler/icons-react";
import { createElement, memo, type ReactNode } from "react";

import { readDrawing, type Shape } from "./drawing";

interface Props {
  /** The text of an SVG, as the catalogue sends it. */
  svg: string;
  size?: number;
}

/** The picture of a node type or an app, drawn in the colour of the text around it. */
export const NodeIcon = memo(function NodeIcon({ svg, size = 20 }: Props) {
  const drawing = readDrawing(svg);
  if (!drawing) return <IconQuestionMark size={size} aria-hidden />;
  return draw({ ...drawing, attributes: { ...drawing.attributes, ...frame(size) } }, 0);
});

const frame = (size: number) => ({
  width: String(size),
  height: String(size),
  "aria-hidden": "true",
  focusable: "false",
});

function draw(shape: Shape, key: number): ReactNode {
  return createElement(shape.tag, { key, ...shape.attributes }, ...shape.children.map(draw));
}
