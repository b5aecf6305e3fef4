import { memo, useId, useLayoutEffect, useRef } from "react";

import { GRID } from "@/graph/geometry";

import { useEditorStore } from "../store/EditorContext";
import type { View } from "../store/view";
import classes from "./Canvas.module.css";

const GAP = GRID * 1.5;
const RADIUS = 0.7;

/**
 * The ground of the canvas. A pan shifts it by less than the distance of two dots, which costs
 * nothing; React Flow's own is rendered and painted anew with every frame.
 */
export const Dots = memo(function Dots() {
  const { view } = useEditorStore().getState();
  const ground = useRef<SVGSVGElement>(null);
  const pattern = useId();
  useLayoutEffect(() => {
    let shown = 0;
    const paint = ({ x, y, zoom }: View): void => {
      if (ground.current === null) return;
      const gap = GAP * zoom;
      if (zoom !== shown) draw(ground.current, gap, RADIUS * zoom);
      shown = zoom;
      const shift = (by: number): number => ((by % gap) + gap) % gap;
      ground.current.style.transform = `translate(${shift(x) - gap}px, ${shift(y) - gap}px)`;
    };
    paint(view.getState());
    return view.subscribe(paint);
  }, [view]);
  return (
    <svg ref={ground} className={classes.dots} aria-hidden>
      <pattern id={pattern} patternUnits="userSpaceOnUse">
        <circle />
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${pattern})`} />
    </svg>
  );
});

/** Larger than the canvas by one distance on each side, so that it can be shifted. */
function draw(ground: SVGSVGElement, gap: number, radius: number): void {
  ground.style.width = ground.style.height = `calc(100% + ${2 * gap}px)`;
  const pattern = ground.querySelector("pattern");
  const dot = ground.querySelector("circle");
  pattern?.setAttribute("width", String(gap));
  pattern?.setAttribute("height", String(gap));
  for (const at of ["cx", "cy"]) dot?.setAttribute(at, String(gap / 2));
  dot?.setAttribute("r", String(radius));
}
