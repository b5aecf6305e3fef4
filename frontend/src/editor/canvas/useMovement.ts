import { useStoreApi, type Viewport } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useState } from "react";

import { useEditorStore } from "../store/EditorContext";
import { type View, type ViewStore } from "../store/view";

type FlowApi = ReturnType<typeof useStoreApi>;
type FlowState = ReturnType<FlowApi["getState"]>;

/** After this, a movement has ended. */
const REST_MS = 120;

/**
 * Moves the canvas without asking everything on it. React Flow asks all of its listeners, three for
 * each card, whenever its store changes, and would change it with every frame of a pan. Here a
 * movement is written into its state, where whoever wants to know finds it, and told to those only
 * who follow the view; React Flow's listeners are told once it has ended.
 */
export function useMovement() {
  const flow = useStoreApi();
  const { view } = useEditorStore().getState();
  const [viewport] = useState(() => living(flow));
  const [rest] = useState(() => new Rest(() => tell(flow)));
  useLayoutEffect(() => followed(flow, view), [flow, view]);
  useEffect(() => () => rest.cancel(), [rest]);
  const onViewportChange = useCallback(
    (to: Viewport) => {
      const state = flow.getState();
      state.transform = [to.x, to.y, to.zoom];
      if (isAskedFor(state) || !paint(state, to)) return tell(flow);
      view.setState(to);
      rest.begin();
    },
    [flow, view, rest],
  );
  return { viewport, onViewportChange };
}

/** What React Flow takes for somebody's wish where to look is where it looks. */
function living(flow: FlowApi): Viewport {
  const at = (index: 0 | 1 | 2) => ({ get: () => flow.getState().transform[index] });
  return Object.defineProperties({} as Viewport, { x: at(0), y: at(1), zoom: at(2) });
}

/** What it draws itself for these moves with the view. */
function isAskedFor({ connection, nodesSelectionActive, userSelectionActive }: FlowState): boolean {
  return connection.inProgress || nodesSelectionActive || userSelectionActive;
}

/** False before there is something to move. */
function paint({ domNode }: FlowState, { x, y, zoom }: Viewport): boolean {
  const drawing = domNode?.getElementsByClassName("react-flow__viewport")[0];
  if (!(drawing instanceof HTMLElement)) return false;
  drawing.style.transform = `translate(${x}px,${y}px) scale(${zoom})`;
  return true;
}

function tell(flow: FlowApi): void {
  const [x, y, zoom] = flow.getState().transform;
  flow.setState({ transform: [x, y, zoom] });
}

/** Keeps the view at what React Flow's store says, also when nothing was moved by hand. */
function followed(flow: FlowApi, view: ViewStore): () => void {
  const follow = (state: FlowState): void => {
    const before = view.getState();
    const now = viewIn(state);
    const isSame = (Object.keys(now) as (keyof View)[]).every((key) => now[key] === before[key]);
    if (!isSame) view.setState(now, true);
  };
  follow(flow.getState());
  return flow.subscribe(follow);
}

const viewIn = ({ transform: [x, y, zoom], width, height }: FlowState): View => ({
  x,
  y,
  zoom,
  width,
  height,
});

class Rest {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly then: () => void) {}

  begin(): void {
    this.cancel();
    this.timer = setTimeout(this.then, REST_MS);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}
