// Users, for administrators: the list, one of them, or a new one, as the address says.

import { mountNewUser } from "../users/new-user";
import { mountUser } from "../users/one-user";
import { mountUserList } from "../users/user-list";
import type { Page } from "./page";

export const users: Page = {
  path: "/users",
  title: "Users",
  icon: "agents",
  permission: "manage_users",
  mount(scope, opened) {
    const user = opened.address.get("user");
    if (user === "") mountUserList(scope, opened);
    else if (user === "new") mountNewUser(scope);
    else mountUser(scope, opened, user);
  },
};
