// Requests to the portal's JSON API. A refusal and an unreachable server are different errors, because the page does different things.

const PATIENCE_MS = 8000;

/** The server answered and said no; `message` is its reason in plain words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** No answer from the server: the network or the server is down. */
export class Unreachable extends Error {}

/** Something else that an agent can do something about; `message` says what. */
export class Advice extends Error {}

/** Leaves for the log-in page; replaced by the shell when it must first put the phone down. */
export const session = { ended: (): void => location.assign("/login") };

async function reasonOf(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown };
    const reason = problem.detail ?? problem.title;
    if (typeof reason === "string" && reason) return reason;
  } catch {
    // Not a problem document; the sentence below serves.
  }
  return response.status >= 500
    ? "Everline had a problem and could not do that. Try again."
    : "Everline did not allow that.";
}

/** One JSON request. Throws Refusal or Unreachable. */
export async function request<T>(method: string, path: string, body?: unknown, patience = PATIENCE_MS): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers:
        body === undefined
          ? { Accept: "application/json" }
          : { Accept: "application/json", "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Unreachable("Everline cannot be reached. Your call goes on; try again in a moment.");
  }
  if (response.status === 401) session.ended();
  if (response.status === 502 || response.status === 503 || response.status === 504) {
    throw new Unreachable("Everline is restarting. Your call goes on; try again in a moment.");
  }
  if (!response.ok) throw new Refusal(response.status, await reasonOf(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export function get<T>(path: string): Promise<T> {
  return request<T>("GET", path);
}

export function post<T>(path: string, body?: unknown, patience?: number): Promise<T> {
  return request<T>("POST", path, body ?? {}, patience);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return request<T>("PUT", path, body);
}

export function remove<T>(path: string): Promise<T> {
  return request<T>("DELETE", path);
}

/** What went wrong, as a sentence for the agent. What nobody foresaw is reported: its words would help no agent. */
export function reasonFor(error: unknown): string {
  if (error instanceof Refusal || error instanceof Unreachable || error instanceof Advice) return error.message;
  reportError(error);
  return "That did not work, and it is not your fault. Try again; if it stays so, load the page anew.";
}
