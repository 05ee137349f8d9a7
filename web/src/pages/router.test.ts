// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import type { Desk, Permission } from "../api/contract";
import { Cell } from "../core/cell";
import { pageTitle } from "../core/title";
import { desk } from "../testing/desk";
import { followPermissions, type Opened, type Page, permissionsOf, type Shell } from "./page";
import { Router } from "./router";

const log: string[] = [];
const { confirm } = vi.hoisted(() => ({ confirm: vi.fn<() => Promise<boolean>>() }));
vi.mock("../core/confirm", () => ({ confirm }));
let isDirty = false;
let opened: Opened;

function page(path: string, permission: Permission = "take_calls"): Page {
  return {
    path,
    title: path,
    icon: "history",
    permission,
    mount(scope, given) {
      opened = given;
      scope.holdsUnsaved = () => isDirty;
      log.push(`mount ${path}${location.search}`);
      scope.onEnd(() => log.push(`end ${path}`));
      scope.root.innerHTML = `<h1>${path}</h1><a href="/two" id="two">Two</a><a href="#main" id="skip">Skip</a>
        <a href="/two" id="anew" data-reload>Anew</a><a href="/elsewhere" id="elsewhere">Elsewhere</a>`;
    },
  };
}

const PAGES = [page("/"), page("/two"), page("/floor", "see_floor")];
let router: Router;
let stopped = new AbortController();

function start(told = "take_calls"): void {
  const permissions = new Cell(permissionsOf(told));
  router = new Router(document.querySelector("main") as HTMLElement, PAGES, permissions, {} as Shell);
  router.start(stopped.signal);
}

/** As the browser does it, by its own hand. */
function goTo(path: string): void {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`http://localhost${path}`);
}

/** Whether the router has taken the click; what it leaves to the browser is stopped here. */
function isTaken(id: string, how: MouseEventInit = {}): boolean {
  let taken = false;
  const last = (event: Event): void => {
    taken = event.defaultPrevented;
    event.preventDefault();
  };
  addEventListener("click", last, { once: true });
  const click = new MouseEvent("click", { bubbles: true, cancelable: true, ...how });
  document.getElementById(id)?.dispatchEvent(click);
  return taken;
}

beforeEach(() => {
  stopped.abort();
  stopped = new AbortController();
  vi.stubGlobal("scrollTo", vi.fn());
  goTo("/");
  document.body.innerHTML = "<main id='main'></main>";
  log.length = 0;
  isDirty = false;
  confirm.mockReset();
});

test("a link ends the page before, begins the next, and puts the focus on its heading", () => {
  start();
  expect(isTaken("two")).toBe(true);
  expect(log).toEqual(["mount /", "end /", "mount /two"]);
  expect(document.activeElement?.textContent).toBe("/two");
  expect([location.pathname, pageTitle.value, router.current.value?.path]).toEqual(["/two", "/two", "/two"]);
});

test("another address of the same page mounts it anew", () => {
  start();
  router.go(new URL("http://localhost/?missed=1"));
  expect(log).toEqual(["mount /", "end /", "mount /?missed=1"]);
});

test.each([
  ["skip", {}],
  ["anew", {}],
  ["elsewhere", {}],
  ["two", { ctrlKey: true }],
  ["two", { shiftKey: true }],
  ["two", { button: 1 }],
] as const)("the link %s with %j is the browser's", (id, how) => {
  start();
  expect(isTaken(id, how)).toBe(false);
  expect(log).toEqual(["mount /"]);
});

test("Back mounts the page before, anew", async () => {
  start();
  router.go(new URL("http://localhost/two"));
  goTo("/");
  dispatchEvent(new PopStateEvent("popstate"));
  expect(log).toEqual(["mount /", "end /", "mount /two", "end /two", "mount /"]);
});

test("a place in the same page is left to the browser, which has scrolled there", () => {
  start();
  const { entry } = history.state as { entry: number };
  history.pushState(null, "", "/#main");
  vi.mocked(scrollTo).mockClear();
  dispatchEvent(new PopStateEvent("popstate"));
  expect(scrollTo).not.toHaveBeenCalled();
  expect([log, history.state]).toEqual([["mount /"], { entry: entry + 1 }]);
});

test("who may not open a page has it neither in the menu nor by its address", () => {
  goTo("/floor");
  start();
  expect(router.open.map(({ path }) => path)).toEqual(["/", "/two"]);
  expect(log).toEqual([]);
  expect(document.querySelector("h1")?.textContent).toBe("This page is not for you");
});

test("who may open it has both", () => {
  goTo("/floor");
  start("see_floor take_calls");
  expect(router.open.map(({ path }) => path)).toEqual(["/", "/two", "/floor"]);
  expect(log).toEqual(["mount /floor"]);
});

test("a new role holds on an open page at once: the menu and the page follow the desk", () => {
  goTo("/floor");
  start("see_floor take_calls");
  const now = new Cell<Desk | null>(desk());
  followPermissions(router.permissions, now);
  now.value = desk({ permissions: ["take_calls"] });
  expect(router.open.map(({ path }) => path)).toEqual(["/", "/two"]);
  expect(log).toEqual(["mount /floor", "end /floor"]);
  now.value = desk({ permissions: ["see_floor", "take_calls"] });
  expect(log.at(-1)).toBe("mount /floor");
});

test("what is not saved is left only by who says so", async () => {
  start();
  isDirty = true;
  confirm.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
  expect(isTaken("two")).toBe(true);
  await vi.waitFor(() => expect(confirm).toHaveBeenCalledTimes(1));
  expect([log, location.pathname]).toEqual([["mount /"], "/"]);
  isTaken("two");
  await vi.waitFor(() => expect(log).toEqual(["mount /", "end /", "mount /two"]));
});

test("filters go into the address without mounting the page anew, and a link to others does mount it", () => {
  start();
  opened.address.set({ text: "anna", role: "" });
  expect([location.search, log]).toEqual(["?text=anna", ["mount /"]]);
  dispatchEvent(new PopStateEvent("popstate"));
  expect(log).toEqual(["mount /"]);
  opened.go("/?text=ben");
  expect(log).toEqual(["mount /", "end /", "mount /?text=ben"]);
  expect(opened.address.get("text")).toBe("ben");
});
