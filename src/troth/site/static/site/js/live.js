/* News from the server. One tab holds the stream (browsers allow six connections a host) and tells the others. */
import { say } from "./toast.js";
import { words } from "./words.js";

const CHANNEL = "troth.events";
const fetching = new Map();

/* What a part says, apart from the times that tick by themselves. */
function gist(place) {
  const copy = place.cloneNode(true);
  for (const time of copy.querySelectorAll("[data-rel]")) time.textContent = "";
  return copy.innerHTML.replace(/\s+/g, " ").trim();
}

/* Fetch a page once and put its fresh parts in place, keeping the focus where it was. */
async function refresh(url, places) {
  fetching.get(url)?.abort();
  const abort = new AbortController();
  fetching.set(url, abort);
  let text;
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin", signal: abort.signal });
    if (!answer.ok || answer.redirected) return;
    text = await answer.text();
  } catch {
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  let changed = "";
  for (const place of places) {
    // A whole page or only the part: both are welcome.
    const fresh = page.querySelector(`[data-live="${CSS.escape(place.dataset.live)}"]`) ?? (places.length === 1 ? page.body : null);
    if (!fresh) continue;
    const kept = [...place.querySelectorAll("[data-keep][id]")];
    for (const one of kept) fresh.querySelector(`#${CSS.escape(one.id)}`)?.replaceWith(document.importNode(one, true));
    // What is folded open stays so.
    for (const one of place.querySelectorAll("details[id][open]")) fresh.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
    if (gist(fresh) === gist(place)) continue;
    put(place, fresh);
    if (place.dataset.live === "today") changed ||= words.fresh;
    changed ||= place.dataset.liveSay ?? "";
  }
  for (const count of document.querySelectorAll("[data-live-count]")) {
    const fresh = page.querySelector(`[data-live-count="${CSS.escape(count.dataset.liveCount)}"]`);
    if (fresh) count.textContent = fresh.textContent;
  }
  if (changed) say(changed);
  document.dispatchEvent(new CustomEvent("troth:fresh"));
}

function put(place, fresh) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const row = focused?.closest("[id]")?.id;
  const order = [...place.querySelectorAll("[data-row]")].findIndex((one) => one.contains(focused));
  const kept = [...place.querySelectorAll("[data-keep][id]")];
  place.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  // What somebody has open stays as it is, with what they chose in it.
  for (const one of kept) place.querySelector(`#${CSS.escape(one.id)}`)?.replaceWith(one);
  if (focused?.isConnected) return focused.focus({ preventScroll: true });
  if (!focused) return;
  const all = [...place.querySelectorAll("[data-row]")];
  const next = (row && document.getElementById(row)) ?? all[Math.min(Math.max(order, 0), all.length - 1)];
  (next?.querySelector(".cover, [tabindex='-1']") ?? next)?.focus({ preventScroll: true });
}

let pending = 0;
let changed = new Set();
let everything = false;
function heard(news) {
  document.dispatchEvent(new CustomEvent("troth:news", { detail: news }));
  for (const one of (news.about ?? "").split(" ")) if (one) changed.add(one);
  everything ||= news.kind === "resync";
  // Many facts may come of one deed; look once. What comes meanwhile waits for the same look, so a busy day starves no page.
  pending ||= setTimeout(look, 250);
}

function look() {
  const [seen, all] = [changed, everything];
  [pending, changed, everything] = [0, new Set(), false];
  const pages = new Map();
  for (const place of document.querySelectorAll("[data-live]")) {
    const about = place.dataset.liveAbout;
    if (about && !all && !about.split(" ").some((one) => seen.has(one))) continue;
    const url = place.dataset.liveUrl || location.href;
    pages.set(url, [...(pages.get(url) ?? []), place]);
  }
  for (const [url, places] of pages) refresh(url, places);
}

function connection(state) {
  const sign = document.getElementById("link-state");
  if (!sign || sign.dataset.link === state) return;
  const wasLost = sign.dataset.link === "lost";
  sign.dataset.link = state;
  sign.hidden = state !== "lost";
  sign.textContent = state === "lost" ? words.lost : "";
  if (state === "lost") say(words.lost);
  else if (wasLost) say(words.back);
}

function listen(channel) {
  const tell = (news) => {
    channel.postMessage(news);
    take(news);
  };
  let opened = false;
  let quiet = 0;
  const stream = new EventSource("/events");
  stream.addEventListener("open", () => {
    clearTimeout(quiet);
    tell({ kind: "link", state: "live" });
    // What happened while nobody listened is not told again: look at everything afresh.
    if (opened) tell({ kind: "resync" });
    opened = true;
  });
  stream.addEventListener("error", () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => tell({ kind: "link", state: "lost" }), 8000);
  });
  const read = (event) => {
    let news = {};
    try {
      news = JSON.parse(event.data);
    } catch {
      news = { about: event.data };
    }
    tell({ ...news, kind: event.type === "resync" ? "resync" : "news" });
  };
  stream.addEventListener("message", read);
  stream.addEventListener("resync", read);
  stream.addEventListener("here", (event) => tell({ kind: "here", about: event.data }));
}

function take(news) {
  if (news.kind === "link") connection(news.state);
  else if (news.kind === "here") document.dispatchEvent(new CustomEvent("troth:here", { detail: news }));
  else heard(news);
}

export function start() {
  if (!document.querySelector("[data-live], [data-live-count]") || document.querySelector("[data-owes]")) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", (event) => take(event.data));
  if (navigator.locks) {
    // Held until this tab closes; then the next one in line takes over.
    navigator.locks.request(CHANNEL, () => {
      listen(channel);
      return new Promise(() => {});
    });
  } else listen(channel);
}
