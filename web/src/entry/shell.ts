// The persistent shell: puts the parts together. It outlives every page change, so a call does too.

import { mountPauseReasons } from "../agents/pause-reasons";
import { mountPausedNotice } from "../agents/paused-notice";
import { mountAgentState } from "../agents/state";
import { session } from "../api/client";
import type { Desk } from "../api/contract";
import { type Link, LiveLine } from "../api/live";
import { CallActions } from "../calls/actions";
import { mountCallBar } from "../calls/bar";
import { mountColleagues } from "../calls/colleagues";
import { mountDial } from "../calls/dial";
import { mountDialForm, mountKeypad } from "../calls/keypad";
import { mountNews } from "../calls/news";
import { TALKING } from "../calls/rules";
import { mountCallTools } from "../calls/tools";
import { mountWrapUp } from "../calls/wrap-up";
import { Cell } from "../core/cell";
import { startClocks } from "../core/clock";
import { mountDialogs } from "../core/dialogs";
import { one } from "../core/dom";
import { mountMenus } from "../core/menu";
import { mountQuiet } from "../core/press";
import { keepSprite } from "../core/sprite";
import { mountTheme } from "../core/theme";
import { mountTitle } from "../core/title";
import { mountPageMenu } from "../pages/menu";
import { followPermissions, permissionsOf } from "../pages/page";
import { PAGES } from "../pages/registry";
import { Router } from "../pages/router";
import { comeBack } from "../phone/come-back";
import { mountDeviceDialog } from "../phone/device-dialog";
import { watchDevices } from "../phone/devices";
import { microphoneAccess, watchMicrophone } from "../phone/microphone";
import { mountPhoneStatus } from "../phone/phone-status";
import { mountQuality } from "../phone/quality";
import { prepareRinger, stopRing } from "../phone/ringer";
import { Softphone } from "../phone/softphone";
import { answerForOthers, leavePhone, phoneIsHere, wantPhone } from "../phone/tabs";
import { mountTellMicrophone } from "../phone/tell-microphone";
import { mountConnection, showReplaced } from "../shell/connection";
import { mountDiskNotice } from "../shell/disk-notice";
import { mountErrorReports } from "../shell/error-reports";
import { mountLogOut } from "../shell/log-out";
import { mountNotifier } from "../shell/notifier";
import { mountPassword } from "../shell/password";
import { mountShortcuts } from "../shell/shortcuts";

/** How long the phone may outlive its call on the desk before it is put down: the goodbye may have been lost on the way. */
const ORPHAN_MS = 3000;

const desk = new Cell<Desk | null>(null);
const link = new Cell<Link>({ up: false, lostAt: null });
/** Whether the line to the server has been lost for long enough that the page does not know what goes on. */
const blind = new Cell(false);
const phone = new Softphone(one<HTMLAudioElement>("[data-remote-audio]"), () =>
  TALKING.has(desk.value?.call?.stage ?? "offered"),
);
const permissions = new Cell(permissionsOf(document.body.dataset.permissions));
const router = new Router(one("#main"), PAGES, permissions, { desk, phone });
const actions = new CallActions(desk, phone, link);
/** How long a request that was refused waits for the live line to say why: it may have come first. */
const FAREWELL_MS = 1500;
let isReplaced = false;
let leaving: ReturnType<typeof setTimeout> | undefined;
const line = new LiveLine(desk, link, () => {
  isReplaced = true;
  clearTimeout(leaving);
  stepBack();
  showReplaced();
});

function stepBack(): void {
  line.stop();
  leavePhone();
  phone.stop();
  stopRing();
}

function startPhoneOnce(): void {
  const stop = desk.watch((now) => {
    if (!now) return;
    stop();
    if (now.phone.kind !== "web") return;
    phoneIsHere.watch((here) => (here ? void phone.start() : phone.stepAside()));
    wantPhone();
    answerForOthers(answerHere);
    watchDevices();
    void watchMicrophone();
  });
}

/** Another tab asks for it; a dialog here would be seen by nobody. */
async function answerHere(): Promise<string | null> {
  if (microphoneAccess.value !== "granted")
    return "The microphone is not allowed yet in the tab that is the phone. Answer there, or use the phone here.";
  await actions.answer();
  return null;
}

function putDownOrphans(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  desk.watch((now) => {
    const orphaned = phone.stage.value === "talking" && (!now?.call || now.call.stage === "wrap_up");
    if (!orphaned) {
      clearTimeout(timer);
      timer = undefined;
    } else timer ??= setTimeout(() => phone.end(), ORPHAN_MS);
  });
}

session.ended = () => {
  if (isReplaced) return;
  leaving ??= setTimeout(
    () => {
      stepBack();
      desk.value = null;
      location.assign("/login");
    },
    link.value.up ? FAREWELL_MS : 0,
  );
};

mountErrorReports();
void keepSprite();
mountMenus();
mountTitle();
mountPassword();
mountQuiet();
mountDialogs();
mountTheme();
mountPauseReasons(desk);
mountAgentState(desk, phone, blind);
mountPausedNotice(desk);
mountDiskNotice(desk);
mountCallBar(desk, phone, actions, blind);
mountCallTools(desk, actions);
mountColleagues(desk, actions);
mountKeypad(desk, actions);
mountDialForm();
mountWrapUp(actions);
mountPhoneStatus(desk, phone);
mountDeviceDialog();
mountDial(desk);
mountConnection(link, desk, blind);
mountTellMicrophone(desk);
mountNews(desk, actions);
mountLogOut(desk, actions);
mountNotifier(desk);
mountShortcuts();
prepareRinger();
startClocks();
startPhoneOnce();
putDownOrphans();
comeBack(desk, phone, actions);
mountQuality(desk, phone.quality, phone.ended);
addEventListener("pagehide", () => phone.leave());
// A page that comes out of the browser's cache has put its phone down.
addEventListener("pageshow", (event) => event.persisted && location.reload());
followPermissions(permissions, desk);
router.start();
mountPageMenu(router);
line.start();
