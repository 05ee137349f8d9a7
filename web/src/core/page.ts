// The page inside the shell. htmx swaps only <main>; whoever draws into it watches `page` and draws again.

import "htmx.org";
import { Cell } from "./cell";

export const page = new Cell(0);

function markCurrent(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".side-link")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** A log-in page that arrives in place of a fragment means that the session is over. */
function leaveForLogin(): void {
  if (document.querySelector("#main [data-login], #main form[action='/login']")) location.assign("/login");
}

export function mountPage(): void {
  document.addEventListener("htmx:after:swap", () => {
    leaveForLogin();
    markCurrent();
    page.value += 1;
  });
}
