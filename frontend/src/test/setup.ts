import "@testing-library/jest-dom/vitest";
import "@/i18n/later/approvals";
import "@/i18n/later/asked";
import "@/i18n/later/connections";
import "@/i18n/later/editor";
import "@/i18n/later/proofs";
import "@/i18n/later/rehearsal";
import "@/i18n/later/run";
import "@/i18n/later/runs";
import "@/i18n/later/session";
import "@/i18n/later/settings";
import "@/i18n/later/start";
import "@/i18n/later/tables";

import { cleanup, configure, getConfig, prettyDOM } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);

// Pages are loaded lazily, and the first one to ask pays for everything it is made of.
configure({ asyncUtilTimeout: 25_000, getElementError: missing });

/** What is missing, with the whole document: written out once, when waiting is given up, and not
 * at each look before, which took a tenth of all computing. */
function missing(message: string | null, container: Element): Error {
  const { _disableExpensiveErrorDiagnostics: isLooking = false } = getConfig() as Looking;
  const document = isLooking ? false : prettyDOM(container);
  const error = new Error([message, document].filter(Boolean).join("\n\n"));
  error.name = "TestingLibraryElementError";
  Error.captureStackTrace(error, missing);
  return error;
}

/** What Testing Library says of itself while it waits, and does not declare. */
type Looking = { _disableExpensiveErrorDiagnostics?: boolean };

// jsdom has no layout, so what asks for it gets a quiet answer.
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
}));

vi.stubGlobal(
  "EventSource",
  class {
    addEventListener(): void {
      /* nothing ever happens */
    }
    close(): void {
      /* nothing is open */
    }
  },
);

class QuietObserver {
  observe(): void {
    /* nothing is ever laid out */
  }
  unobserve(): void {
    /* nothing is ever laid out */
  }
  disconnect(): void {
    /* nothing is ever laid out */
  }
}
vi.stubGlobal("ResizeObserver", QuietObserver);
vi.stubGlobal("IntersectionObserver", QuietObserver);
window.HTMLElement.prototype.scrollIntoView = () => undefined;
// Fields that grow with their text listen for fonts to arrive.
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
