// Builds one SVG sprite from the icons we use, so that a page loads one small file and no icon font.
import { readFile } from "node:fs/promises";

const root = new URL("./node_modules/@tabler/icons/icons/", import.meta.url);

/** Our name for an icon -> its file in @tabler/icons. Names say what the icon means to an agent. */
export const ICONS = {
  adjust: "outline/adjustments-horizontal",
  alert: "outline/alert-triangle",
  agents: "outline/users",
  answer: "filled/phone",
  back: "outline/arrow-back-up",
  bell: "outline/bell",
  call: "outline/phone",
  "call-in": "outline/phone-incoming",
  "call-auto": "outline/phone-spark",
  busy: "outline/phone-pause",
  callback: "outline/phone-outgoing",
  check: "outline/check",
  clock: "outline/clock",
  consult: "outline/message-question",
  chevron: "outline/chevron-down",
  close: "outline/x",
  copy: "outline/copy",
  dashboard: "outline/layout-dashboard",
  decline: "outline/phone-off",
  device: "outline/device-landline-phone",
  eye: "outline/eye",
  "eye-off": "outline/eye-off",
  grip: "outline/grip-vertical",
  hangup: "outline/phone-x",
  headset: "outline/headset",
  lock: "outline/lock",
  help: "outline/question-mark",
  history: "outline/history",
  hold: "outline/player-pause",
  key: "outline/key",
  keyboard: "outline/keyboard",
  keypad: "outline/dialpad",
  left: "outline/arrow-left",
  logout: "outline/logout",
  mic: "outline/microphone",
  "mic-off": "outline/microphone-off",
  missed: "outline/phone-off",
  moon: "outline/moon",
  menu: "outline/menu-2",
  "more-time": "outline/clock-plus",
  offline: "outline/plug-connected-x",
  pause: "filled/player-pause",
  plus: "outline/plus",
  play: "filled/player-play",
  queue: "outline/users-group",
  rate: "outline/chart-donut",
  record: "filled/circle",
  refresh: "outline/refresh",
  ringing: "outline/phone-calling",
  sort: "outline/selector",
  sound: "outline/volume",
  "sound-off": "outline/volume-off",
  sun: "outline/sun",
  system: "outline/device-desktop",
  talking: "outline/phone-call",
  top: "outline/arrow-bar-to-up",
  trash: "outline/trash",
  transfer: "outline/arrow-forward-up",
  up: "outline/chevron-up",
  user: "outline/user",
  voicemail: "outline/record-mail",
  waiting: "outline/hourglass",
  windows: "outline/app-window",
  wrapup: "outline/pencil",
};

function symbol(name, file, svg) {
  const filled = file.startsWith("filled/");
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const body = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s+/g, " ")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
}

/** The sprite as one SVG document; fails when an icon is missing. */
export async function sprite() {
  const symbols = await Promise.all(
    Object.entries(ICONS).map(async ([name, file]) =>
      symbol(name, file, await readFile(new URL(`${file}.svg`, root), "utf8")),
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
