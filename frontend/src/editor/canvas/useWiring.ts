import {
  type Connection as FlowConnection,
  type FinalConnectionState,
  type IsValidConnection,
  type OnConnectStart,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";

import { type Refusal, refusal, targetsFor } from "@/graph/connecting";
import { HEADER_HEIGHT, snapped } from "@/graph/geometry";
import { type Connection, INPUT_PORT, MAIN_PORT } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import { perform } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import type { WireEdge } from "./flowElements";
import { isOverPane, pointOf } from "./pointer";

/** React Flow's connection with our names for its missing ends. */
function connectionOf(drawn: FlowConnection | WireEdge): Connection {
  return {
    source: drawn.source,
    sourceHandle: drawn.sourceHandle ?? MAIN_PORT,
    target: drawn.target,
    targetHandle: drawn.targetHandle ?? INPUT_PORT,
  };
}

/** Drawing wires: which targets light up, what happens at the end, and a wire let go over nothing. */
export function useWiring() {
  const store = useEditorStore();
  const { isReconnecting, ...reconnecting } = useReconnecting();
  const { screenToFlowPosition } = useReactFlow();
  const sayRefusal = useSayRefusal();
  const onConnect = useCallback(
    (drawn: FlowConnection) =>
      perform(store, { kind: "connect", connections: [connectionOf(drawn)] }),
    [store],
  );
  const onReconnect = useCallback(
    (edge: WireEdge, drawn: FlowConnection) =>
      perform(store, { kind: "reconnect", edgeId: edge.id, connection: connectionOf(drawn) }),
    [store],
  );
  const isValidConnection: IsValidConnection<WireEdge> = useCallback(
    (drawn) => {
      const { graph, catalog } = store.getState();
      return refusal(graph, catalog, connectionOf(drawn)) === null;
    },
    [store],
  );
  const onConnectStart: OnConnectStart = useCallback(
    (_event, { nodeId, handleId, handleType }) => {
      const { graph, catalog } = store.getState();
      if (nodeId === null || handleType !== "source") return;
      const targets = targetsFor(graph, catalog, nodeId, handleId ?? MAIN_PORT);
      store.setState({ targets, picker: null });
    },
    [store],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const reason = state.toNode ? store.getState().targets?.get(state.toNode.id) : undefined;
      store.setState({ targets: null });
      if (isOfOneKind(state)) return sayRefusal("wrong_port");
      if (state.isValid || state.fromNode === null || state.fromHandle.type !== "source") return;
      if (state.toNode !== null) return sayRefusal(reason ?? null);
      const at = pointOf(event);
      // An edge's end that is let go over nothing goes back to where it was.
      if (isReconnecting.current || at === null || !isOverPane(at)) return;
      const { x, y } = screenToFlowPosition(at);
      const place = snapped({ x, y: y - HEADER_HEIGHT / 2 });
      const output = {
        source: state.fromNode.id,
        sourceHandle: state.fromHandle.id ?? MAIN_PORT,
      };
      store.setState({ picker: { task: { kind: "after", output, place }, at } });
    },
    [store, screenToFlowPosition, sayRefusal, isReconnecting],
  );
  return {
    onConnect,
    onReconnect,
    ...reconnecting,
    isValidConnection,
    onConnectStart,
    onConnectEnd,
  };
}

/** Whether a way out was pulled to a way out of another step, or a way in to a way in. */
function isOfOneKind({ fromHandle, toHandle, fromNode, toNode }: FinalConnectionState): boolean {
  return toHandle !== null && fromHandle.type === toHandle.type && fromNode.id !== toNode?.id;
}

/** Whether it is an edge's end that is being pulled, and not a new wire. */
function useReconnecting() {
  const isReconnecting = useRef(false);
  const onReconnectStart = useCallback(() => {
    isReconnecting.current = true;
  }, []);
  const onReconnectEnd = useCallback(() => {
    isReconnecting.current = false;
  }, []);
  return { isReconnecting, onReconnectStart, onReconnectEnd };
}

function useSayRefusal(): (reason: Refusal | null) => void {
  const { t } = useTranslation("editor");
  const announce = useAnnounce();
  return useCallback(
    (reason) => {
      if (reason !== null && reason !== "same_step") announce(t(`refused.${reason}`), "notice");
    },
    [announce, t],
  );
}
