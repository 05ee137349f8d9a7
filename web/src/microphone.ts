// The microphone: whether we may use it, and opening it with words an agent can act on when that fails.

import { Cell } from "./cell";

export type MicrophoneAccess = "unknown" | "prompt" | "granted" | "denied" | "missing";

/** The microphone could not be opened; `message` says what to do. */
export class MicrophoneError extends Error {}

export const microphoneAccess = new Cell<MicrophoneAccess>("unknown");

const ADVICE: Record<string, [MicrophoneAccess, string]> = {
  NotAllowedError: [
    "denied",
    "The browser blocks the microphone. Allow it in the site settings beside the address, then answer again.",
  ],
  NotFoundError: ["missing", "No microphone found. Plug in your headset, then answer again."],
  NotReadableError: ["missing", "Another program holds the microphone. Close it, then answer again."],
};

function explain(error: unknown): MicrophoneError {
  const name = error instanceof DOMException ? error.name : "";
  const [access, message] = ADVICE[name] ?? ["unknown", "The microphone could not be opened. Check your headset, then answer again."];
  if (access !== "unknown") microphoneAccess.value = access;
  return new MicrophoneError(message);
}

/** Opens the microphone, asking the agent when the browser wants that. Throws MicrophoneError. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new MicrophoneError("The browser gives no microphone to an insecure page. Open Everline at its https address.");
  }
  try {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    microphoneAccess.value = "granted";
    return stream;
  } catch (error) {
    throw explain(error);
  }
}

export function closeMicrophone(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Asks for the microphone ahead of the first call, and lets go of it at once. */
export async function allowMicrophone(): Promise<void> {
  closeMicrophone(await openMicrophone());
}

/** Follows the browser's permission, where the browser tells it. */
export async function watchMicrophone(): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    const follow = (): void => {
      microphoneAccess.value = status.state;
    };
    status.onchange = follow;
    follow();
  } catch {
    microphoneAccess.value = "unknown";
  }
}
