/* The staff pages, together. */
import { start as checks } from "./checks.js";
import { start as begin } from "./begin.js";
import { start as composer } from "./composer.js";
import { start as dialogs } from "./dialog.js";
import { start as fetching } from "./fetching.js";
import { start as files } from "./files.js";
import { start as formal } from "./formal.js";
import { start as drafting } from "./drafting.js";
import { start as keeping } from "./keeping.js";
import { start as keys } from "./keys.js";
import { start as live } from "./live.js";
import { start as many } from "./many.js";
import { start as mentions } from "./mentions.js";
import { start as presence } from "./presence.js";
import { start as palette } from "./palette.js";
import { start as talk } from "./talk.js";
import { start as ticking } from "./ticking.js";
import { start as toasts } from "./toast.js";
import { start as writing } from "./writing.js";

for (const part of [toasts, fetching, dialogs, keys, palette, files, composer, keeping, checks, formal, drafting, talk, ticking, live, many, presence, mentions, begin, writing]) part();
document.documentElement.dataset.ready = "";
