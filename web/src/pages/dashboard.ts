// The dashboard: what an agent sees all day.

import { mountAgents } from "../agents/floor";
import { mountMyDay } from "../agents/my-day";
import { mountRate } from "../agents/rate";
import { mountRecentCalls } from "../calls/recent-calls";
import { mountThisCall } from "../calls/this-call";
import { one } from "../core/dom";
import { mountSetup } from "../phone/setup";
import { mountQueues } from "../queues/queues";
import { mountWaiting } from "../queues/waiting";
import { mountVoicemails } from "../voicemails/voicemails";
import type { Page } from "./page";

export const dashboard: Page = {
  path: "/",
  title: "Dashboard",
  icon: "dashboard",
  permission: "take_calls",
  mount(scope, { desk, phone }) {
    // Its markup comes with the shell: the server says who sees which panel.
    const template = document.querySelector<HTMLTemplateElement>("template#dashboard");
    if (template) scope.root.append(document.importNode(template.content, true));
    // Whoever sees the floor and serves no queue has no agent's day: the floor comes first.
    scope.render([desk], () => {
      const isWatching = desk.value?.permissions.includes("see_floor") && desk.value.memberships.items.length === 0;
      one("[data-dashboard]", scope.root).dataset.seat = isWatching ? "none" : "agent";
    });
    mountSetup(scope, desk, phone);
    mountQueues(scope, desk);
    mountWaiting(scope, desk);
    mountAgents(scope, desk);
    mountVoicemails(scope, desk);
    mountMyDay(scope, desk);
    mountRate(scope, desk);
    mountRecentCalls(scope, desk);
    mountThisCall(scope, desk);
  },
};
