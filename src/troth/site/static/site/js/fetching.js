/* A part of the page that is fetched anew says that it is on its way, and when it could not be had; what was there stays. */
import { toSignIn, words } from "./words.js";

/* Sooner nobody waits. */
const SLOW = 400;
/* htmx gives up after a minute; what is broken off before that gave way to something newer. */
const LONGEST = 59_000;
/* Answers that say what is wrong with a form, in its place. */
const SAID = new Set([409, 422]);

const begun = new WeakMap();
const troubles = new Map();

const polls = (source) => (source.getAttribute("hx-trigger") ?? "").includes("every");

function begin({ ctx }) {
  const { target, sourceElement: source } = ctx;
  if (!target) return;
  const wait = { at: performance.now(), said: null };
  begun.set(ctx, wait);
  if (polls(source)) return;
  wait.timer = setTimeout(() => {
    target.setAttribute("aria-busy", "true");
    wait.said = document.createElement("p");
    wait.said.className = "fetching";
    wait.said.setAttribute("role", "status");
    wait.said.append(document.createElement("span"));
    target.before(wait.said);
    wait.said.firstChild.textContent = words.fetching; // said aloud, for it comes into a place that is there
  }, SLOW);
}

function end({ ctx }) {
  const wait = begun.get(ctx);
  clearTimeout(wait?.timer);
  wait?.said?.remove();
  ctx.target?.removeAttribute("aria-busy");
}

/* Before it is put in: is it what was asked for? A page that says something went wrong is not, nor is the one to sign in. */
function look(event) {
  const { ctx } = event.detail;
  const { raw } = ctx.response;
  const out = toSignIn(raw);
  const part = ctx.select?.startsWith("#") ? `id="${ctx.select.slice(1)}"` : "";
  if (out || (raw.status >= 400 && !SAID.has(raw.status)) || (part && !ctx.text.includes(part))) {
    event.preventDefault();
    fail(ctx, out ? words.signedOut : words.unfetched);
  } else clear(ctx.sourceElement);
}

function broken({ ctx, error }) {
  if (!ctx?.target) return;
  const waited = performance.now() - (begun.get(ctx)?.at ?? 0);
  if (error?.name === "AbortError" && waited < LONGEST) return;
  fail(ctx, words.unfetched);
}

function clear(source) {
  troubles.get(source)?.remove();
  troubles.delete(source);
}

function fail({ sourceElement: source, target }, text) {
  clear(source);
  const box = document.createElement("div");
  box.className = "stopped fetch-trouble";
  box.setAttribute("role", "alert");
  const line = document.createElement("span");
  line.textContent = text;
  box.append(line);
  // What asks by itself asks again.
  if (!polls(source)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words.retry;
    button.addEventListener("click", () => (source.matches("form") && text !== words.signedOut ? source.requestSubmit() : location.reload()));
    box.append(button);
  }
  target.before(box);
  troubles.set(source, box);
}

export function start() {
  document.addEventListener("htmx:before:request", (event) => begin(event.detail));
  document.addEventListener("htmx:finally:request", (event) => end(event.detail));
  document.addEventListener("htmx:after:request", look);
  document.addEventListener("htmx:error", (event) => broken(event.detail));
}
