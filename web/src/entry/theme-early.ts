import { applyTheme } from "../core/theme";

applyTheme();
