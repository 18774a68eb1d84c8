/* News from the server. One tab holds the stream (browsers allow six connections a host) and tells the others. */
import { say } from "./toast.js";
import { words } from "./words.js";

const CHANNEL = "troth.events";
const fetching = new Map();

/* Fetch the named part of this page again and put it in place, keeping the focus where it was. */
async function refresh(place) {
  const url = place.dataset.liveUrl || location.href;
  const before = fetching.get(place);
  before?.abort();
  const abort = new AbortController();
  fetching.set(place, abort);
  let text;
  try {
    const answer = await fetch(url, {
      headers: { "X-Requested-With": "fetch", "X-Part": place.dataset.live },
      credentials: "same-origin",
      signal: abort.signal,
    });
    if (!answer.ok || answer.redirected) return;
    text = await answer.text();
  } catch {
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  // A whole page or only the part: both are welcome.
  const fresh = page.querySelector(`[data-live="${CSS.escape(place.dataset.live)}"]`) ?? page.body;
  if (fresh.innerHTML.trim() === place.innerHTML.trim()) return;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const row = focused?.closest("[id]")?.id;
  const order = [...place.querySelectorAll("[data-row]")].findIndex((one) => one.contains(focused));
  place.replaceChildren(...fresh.childNodes);
  if (focused) {
    const same = row && document.getElementById(row);
    const all = [...place.querySelectorAll("[data-row]")];
    const next = same ?? all[Math.min(Math.max(order, 0), all.length - 1)];
    (next?.querySelector(".cover, [tabindex='-1']") ?? next)?.focus({ preventScroll: true });
  }
  if (place.dataset.live === "today" || place.dataset.liveSay !== undefined) say(place.dataset.liveSay || words.fresh);
  document.dispatchEvent(new CustomEvent("troth:fresh"));
}

let pending = 0;
function heard(news) {
  document.dispatchEvent(new CustomEvent("troth:news", { detail: news }));
  clearTimeout(pending);
  // Many facts may come of one deed; look once.
  pending = setTimeout(() => {
    for (const place of document.querySelectorAll("[data-live]")) {
      const about = place.dataset.liveAbout;
      const named = (news.about ?? "").split(" ");
      if (!about || news.kind === "resync" || about.split(" ").some((one) => named.includes(one))) refresh(place);
    }
  }, 250);
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
}

function take(news) {
  if (news.kind === "link") connection(news.state);
  else heard(news);
}

export function start() {
  if (!document.querySelector("[data-live], [data-live-count]")) return;
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
