import { beforeEach, expect, test } from "vitest";
import { pageTitle, stateTitle, urgentTitle, wholeTitle } from "./title";

beforeEach(() => {
  pageTitle.value = "My calls";
  stateTitle.value = "Idle";
  urgentTitle.value = null;
});

test("the title is the state and the page", () => expect(wholeTitle()).toBe("Idle · My calls · Everline"));

test("before the desk is known it is the page alone", () => {
  stateTitle.value = "";
  expect(wholeTitle()).toBe("My calls · Everline");
});

test("who is calling goes before all else, and the page comes back after it", () => {
  urgentTitle.value = "☎ Zoë Müller is calling";
  expect(wholeTitle()).toBe("☎ Zoë Müller is calling");
  urgentTitle.value = null;
  expect(wholeTitle()).toBe("Idle · My calls · Everline");
});
