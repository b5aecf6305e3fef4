import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { listen, type LiveMessage } from "./streamSource";

class PretendSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: PretendSource[] = [];
  readyState = 0;
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;

  constructor() {
    super();
    PretendSource.all.push(this);
  }

  refuse(): void {
    this.readyState = PretendSource.CLOSED;
    this.onerror();
  }

  say(kind: string, data: string): void {
    this.dispatchEvent(new MessageEvent(kind, { data }));
  }

  close(): void {
    this.readyState = PretendSource.CLOSED;
  }
}

beforeEach(() => {
  PretendSource.all = [];
  vi.stubGlobal("EventSource", PretendSource);
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function heard(): { messages: LiveMessage[]; stop: () => void } {
  const messages: LiveMessage[] = [];
  return { messages, stop: listen((message) => messages.push(message)) };
}

describe("the live stream", () => {
  it("tells of runs as they happen", () => {
    const { messages } = heard();
    PretendSource.all[0]?.say("run", '{"id":"r1","workflow_id":"w1","status":"failed"}');
    expect(messages).toEqual([{ kind: "run", id: "r1", workflow_id: "w1", status: "failed" }]);
  });

  it("comes back after a refusal, each time after a longer pause", () => {
    heard();
    PretendSource.all[0]?.refuse();
    vi.advanceTimersByTime(1_000);
    expect(PretendSource.all).toHaveLength(2);
    PretendSource.all[1]?.refuse();
    vi.advanceTimersByTime(1_000);
    expect(PretendSource.all).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(PretendSource.all).toHaveLength(3);
  });

  it("leaves the way back to the browser while the connection is only interrupted", () => {
    const { messages } = heard();
    PretendSource.all[0]?.onerror();
    vi.advanceTimersByTime(60_000);
    expect(PretendSource.all).toHaveLength(1);
    expect(messages).toEqual([{ kind: "lost" }]);
  });

  it("passes over a message that is no JSON", () => {
    const { messages } = heard();
    PretendSource.all[0]?.say("run", '{"id":"r1"');
    expect(messages).toEqual([]);
  });

  it("stays closed once it was left", () => {
    const { stop } = heard();
    PretendSource.all[0]?.refuse();
    stop();
    vi.advanceTimersByTime(60_000);
    expect(PretendSource.all).toHaveLength(1);
  });
});
