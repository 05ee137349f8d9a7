// Errors that no part of the page has caught are told to the server, so that somebody hears of them.

import { Advice, post, Refusal, Unreachable } from "../api/client";

/** A page with a fault in a loop tells of it a few times, and is then silent. */
const MOST = 5;
const LONGEST = 500;
const MOST_PLACES = 20;

export interface ErrorReport {
  name: string;
  message: string;
  places: string[];
  page: string;
}

/** What is told of an error; null for what is none, or is known to the user already. */
export function reportOf(error: unknown, message: string, page: string): ErrorReport | null {
  if (error instanceof Refusal || error instanceof Unreachable || error instanceof Advice) return null;
  // The browser drew a frame before all heights were known; it says so as an error.
  if (message.startsWith("ResizeObserver loop")) return null;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const places = stack.match(/\/static\/dist\/[\w.-]+:\d+:\d+/g) ?? [];
  const name = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : "Error";
  return { name, message: message.slice(0, LONGEST), places: places.slice(0, MOST_PLACES), page };
}

export function mountErrorReports(): void {
  const told = new Set<string>();
  const tell = (error: unknown, message: string): void => {
    const report = reportOf(error, message, location.pathname);
    const text = JSON.stringify(report);
    if (report === null || told.has(text) || told.size >= MOST) return;
    told.add(text);
    // Whoever cannot be reached cannot be told of it either.
    post("/api/v1/browser-errors", report).catch(() => undefined);
  };
  addEventListener("error", ({ error, message }) => tell(error, message));
  addEventListener("unhandledrejection", ({ reason }) =>
    tell(reason, reason instanceof Error ? reason.message : String(reason)),
  );
}
