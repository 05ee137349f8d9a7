// The microphone: whether we may use it, and opening it with words an agent can act on when that fails.

import { Advice } from "../api/client";
import { Cell } from "../core/cell";
import { openDialog } from "../core/dialogs";
import { one } from "../core/dom";
import { found, inUse, lookForDevices } from "./devices";

export type MicrophoneAccess = "unknown" | "prompt" | "granted" | "denied" | "missing";

/** The microphone could not be opened; `message` says what to do. */
export class MicrophoneError extends Advice {}

export const microphoneAccess = new Cell<MicrophoneAccess>("unknown");

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const ADVICE: Record<string, [MicrophoneAccess, string]> = {
  NotAllowedError: [
    "denied",
    "The browser blocks the microphone. Allow it in the site settings beside the address, then try again.",
  ],
  NotFoundError: ["missing", "No microphone found. Plug in your headset, then try again."],
  NotReadableError: ["missing", "Another program holds the microphone. Close that program, then try again."],
};

/** What the browser says about the page, whether or not there is a microphone. */
let permission: MicrophoneAccess = "unknown";

function explain(error: unknown): MicrophoneError {
  const name = error instanceof DOMException ? error.name : "";
  const [access, message] = ADVICE[name] ?? [
    "unknown",
    "The microphone could not be opened. Check your headset, then try again.",
  ];
  if (access !== "unknown") microphoneAccess.value = access;
  return new MicrophoneError(message);
}

/** Opens the chosen microphone, or the standard one while that is away. Throws MicrophoneError. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new MicrophoneError(
      "The browser gives no microphone to an insecure page. Open Everline at its https address.",
    );
  }
  try {
    const stream = await openChosen(inUse.microphone.value);
    permission = microphoneAccess.value = "granted";
    if (!found.value.named) void lookForDevices();
    return stream;
  } catch (error) {
    throw explain(error);
  }
}

async function openChosen(id: string): Promise<MediaStream> {
  const standard = (): Promise<MediaStream> => navigator.mediaDevices.getUserMedia({ audio: SOUND });
  if (!id) return standard();
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...SOUND, deviceId: { exact: id } } });
  } catch (error) {
    // It was unplugged a moment ago; a call must not wait until we have been told.
    if (error instanceof DOMException && (error.name === "OverconstrainedError" || error.name === "NotFoundError"))
      return standard();
    throw error;
  }
}

export function closeMicrophone(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Makes sure that a call can be taken. Before the browser asks for the first time, says why it will.
 * False when the agent would rather not now. Throws MicrophoneError.
 */
export async function askForMicrophone(): Promise<boolean> {
  if (microphoneAccess.value === "granted") return true;
  const asks = microphoneAccess.value === "prompt" || (microphoneAccess.value === "unknown" && !found.value.named);
  if (asks && !(await isAgreed())) return false;
  closeMicrophone(await openMicrophone());
  return true;
}

function isAgreed(): Promise<boolean> {
  const dialog = one<HTMLDialogElement>("#ask-microphone");
  dialog.returnValue = "";
  openDialog("ask-microphone");
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

/** Follows the browser's permission, where the browser tells it, and whether there is a microphone at all. */
export async function watchMicrophone(): Promise<void> {
  one("[data-microphone-yes]").addEventListener("click", () => one<HTMLDialogElement>("#ask-microphone").close("yes"));
  const settle = (): void => {
    const none = found.value.looked && found.value.microphones.length === 0;
    microphoneAccess.value = permission !== "denied" && none ? "missing" : permission;
  };
  found.watch(settle);
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    const follow = (): void => {
      permission = status.state;
      settle();
      void lookForDevices();
    };
    status.onchange = follow;
    follow();
  } catch {
    settle();
  }
}
