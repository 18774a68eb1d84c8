/* The customer's pages: everything works without it; with it, times stay true and mistakes are read first. */
import { start as dialogs } from "./dialog.js";
import { start as ticking } from "./ticking.js";
import { start as toasts } from "./toast.js";
import { start as zone } from "./zone.js";

for (const part of [toasts, dialogs, ticking, zone]) part();
