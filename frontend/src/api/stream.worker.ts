/// <reference lib="webworker" />
import { listen, type LiveMessage } from "./streamSource";

// One connection for all tabs: over HTTP/1.1 a browser opens only six to a server.
const tabs = new Set<MessagePort>();
let last: LiveMessage = { kind: "lost" };
let stop: (() => void) | undefined;

function hear(message: LiveMessage): void {
  if (message.kind === "open" || message.kind === "lost") last = message;
  for (const tab of tabs) tab.postMessage(message);
}

function leave(tab: MessagePort): void {
  tabs.delete(tab);
  if (tabs.size > 0) return;
  stop?.();
  stop = undefined;
}

(self as unknown as SharedWorkerGlobalScope).onconnect = ({ ports: [tab] }) => {
  if (!tab) return;
  tabs.add(tab);
  tab.onmessage = () => leave(tab);
  tab.postMessage(last);
  stop ??= listen(hear);
};
