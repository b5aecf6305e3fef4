import { Position, useStoreApi } from "@xyflow/react";
import { XYHandle } from "@xyflow/system";
import { memo, type MouseEvent, type TouchEvent } from "react";

import { useEditor } from "../store/EditorContext";
import classes from "./StepCard.module.css";

interface Props {
  nodeId: string;
  port: string;
  type: "source" | "target";
  /** From the top of the card, in pixels. */
  top: number;
  isError?: boolean;
}

const SIDES = { source: Position.Right, target: Position.Left };
const LEFT_BUTTON = 0;

/**
 * Where lines leave a step or reach it. React Flow's own asks at every change of anything whether a
 * line is being pulled, which on a large canvas is asked a few hundred times in a frame. This one
 * looks the same to it, and asks when it is touched.
 */
export const StepHandle = memo(function StepHandle({ nodeId, port, type, top, isError }: Props) {
  const flow = useStoreApi();
  const readOnly = useEditor((state) => state.readOnly);
  const pull = (event: MouseEvent<HTMLElement> | TouchEvent<HTMLElement>): void => {
    if ("button" in event && event.button !== LEFT_BUTTON) return;
    pullLine(flow, event, { nodeId, handleId: port, isTarget: type === "target" });
  };
  const side = SIDES[type];
  const looks = `react-flow__handle react-flow__handle-${side} ${classes.handle ?? ""} ${type}`;
  return (
    <div
      className={readOnly ? looks : `${looks} ${OPEN}`}
      data-handleid={port}
      data-nodeid={nodeId}
      data-handlepos={side}
      data-id={`${flow.getState().rfId}-${nodeId}-${port}-${type}`}
      data-error={isError === true || undefined}
      style={{ top }}
      onMouseDown={readOnly ? undefined : pull}
      onTouchStart={readOnly ? undefined : pull}
    />
  );
});

/** By these names React Flow knows that a line may begin and end here. */
const OPEN = "nodrag nopan connectable connectablestart connectableend connectionindicator";

interface Beginning {
  nodeId: string;
  handleId: string;
  isTarget: boolean;
}

function pullLine(
  flow: ReturnType<typeof useStoreApi>,
  { nativeEvent, currentTarget }: MouseEvent<HTMLElement> | TouchEvent<HTMLElement>,
  from: Beginning,
): void {
  const state = flow.getState();
  XYHandle.onPointerDown(nativeEvent, {
    ...from,
    ...state,
    handleDomNode: currentTarget,
    flowId: state.rfId,
    dragThreshold: state.connectionDragThreshold,
    onConnectEnd: (...told) => flow.getState().onConnectEnd?.(...told),
    onConnect: (connection) => flow.getState().onConnect?.(connection),
    isValidConnection: (connection) => flow.getState().isValidConnection?.(connection) ?? true,
    getTransform: () => flow.getState().transform,
    getFromHandle: () => flow.getState().connection.fromHandle,
  });
}
