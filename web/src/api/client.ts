// Requests to the portal's JSON API. A refusal and an unreachable server are different errors, because the page does different things.

const PATIENCE_MS = 8000;

/** The server answered and said no; `message` is its reason in plain words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** What is wrong with each field of what was sent: its name -> a sentence. */
    readonly fields: ReadonlyMap<string, string> = new Map(),
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

/** A refusal as the server tells it (RFC 9457), with words of ours where it told of none. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const usual =
    response.status >= 500
      ? "Everline had a problem and could not do that. Try again."
      : "Everline did not allow that.";
  try {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown; errors?: unknown };
    const reason = problem.detail ?? problem.title;
    const fields = Array.isArray(problem.errors) ? problem.errors.filter(isWrongField) : [];
    return new Refusal(
      response.status,
      typeof reason === "string" && reason ? reason : usual,
      new Map(fields.map(({ field, message }) => [field, message])),
    );
  } catch {
    return new Refusal(response.status, usual);
  }
}

function isWrongField(told: unknown): told is { field: string; message: string } {
  const { field, message } = (told ?? {}) as Record<string, unknown>;
  return typeof field === "string" && typeof message === "string";
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
  if (!response.ok) throw await refusalOf(response);
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
