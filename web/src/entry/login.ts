// The log-in page: shows the password on request, warns of Caps Lock, and sends the form once.

const form = document.querySelector<HTMLFormElement>("[data-login]");
const password = document.querySelector<HTMLInputElement>("#login-password");
const reveal = document.querySelector<HTMLButtonElement>("[data-reveal]");
const caps = document.querySelector<HTMLElement>("[data-caps]");

function toggleReveal(): void {
  if (!password || !reveal) return;
  const shown = password.type === "password";
  password.type = shown ? "text" : "password";
  reveal.setAttribute("aria-pressed", String(shown));
  reveal.setAttribute("aria-label", shown ? "Hide the password" : "Show the password");
  const use = reveal.querySelector("use");
  use?.setAttribute("href", `${document.documentElement.dataset.icons ?? ""}#${shown ? "eye-off" : "eye"}`);
  password.focus();
}

reveal?.addEventListener("click", toggleReveal);

password?.addEventListener("keyup", (event) => {
  if (caps) caps.hidden = !event.getModifierState("CapsLock");
});

form?.addEventListener("submit", () => {
  if (password) password.type = "password";
  const button = form.querySelector<HTMLButtonElement>("[type=submit]");
  if (!button) return;
  button.disabled = true;
  button.textContent = "Logging in";
});

// Back from a log-out the browser may show this page as it was left.
addEventListener("pageshow", () => {
  const button = form?.querySelector<HTMLButtonElement>("[type=submit]");
  if (button) {
    button.disabled = false;
    button.textContent = "Log in";
  }
});
