// All pages, in the order of the menu. The server knows their paths as well: api/desk/routes.py.

import { calls } from "./calls";
import { dashboard } from "./dashboard";
import type { Page } from "./page";
import { users } from "./users";
import { voicemails } from "./voicemails";

export const PAGES: readonly Page[] = [dashboard, calls, voicemails, users];
