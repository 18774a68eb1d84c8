/* The talk, in the desk's own frame. What opens it is a token kept here, which no page outside can read. */
import { KEPT, alone, kept, keepsNothing } from "./kept.js";
import { ask, attach, startStream } from "./line.js";
import { day, element, row } from "./rows.js";

const body = document.body;
const words = document.getElementById("words").dataset;
const SEEN_SOON = 400;
const find = (name) => document.getElementById(name);
const [thread, middle, form, box, problem, who, live, standing, typing] =
  ["thread", "middle", "form", "text", "problem", "who", "live", "standing", "typing"].map(find);

let isOpen = parent === window;
let newest = 0;
let unread = 0;
let state = {};
const shown = new Map();

/* What is said */

function show(told) {
  const atEnd = middle.scrollHeight - middle.scrollTop - middle.clientHeight < 80;
  let fresh = 0;
  for (const said of told.said ?? []) {
    if (shown.has(said.id)) continue;
    const item = row(said);
    const waiting = said.once && thread.querySelector(`[data-once="${CSS.escape(said.once)}"]`);
    if (waiting) waiting.replaceWith(item);
    else thread.append(item);
    shown.set(said.id, said);
    if (said.ours) fresh += 1;
    if (said.once) unsaid(said.once);
  }
  const before = newest;
  newest = Math.max(newest, told.newest ?? 0);
  state = told;
  if (told.number) tell("talking");
  stands();
  if (fresh) typing.hidden = true;
  if (fresh && before) live.textContent = words.news;
  if (atEnd || fresh) middle.scrollTop = middle.scrollHeight;
  if (isOpen) saw();
  else {
    unread += before ? fresh : 0;
    tell("unread", { count: unread });
  }
}

/* By when somebody answers, and where to. */
function stands() {
  const lines = [];
  if (state.moved) lines.push(words.moved);
  else if (state.told_by && ![...shown.values()].some((said) => said.ours)) {
    lines.push(words.toldBy.replace("*", day.format(new Date(state.told_by))));
  }
  if (state.number && !state.moved) lines.push(state.by_mail ? words.byMail : keepsNothing() ? words.noStore : words.noMail);
  standing.replaceChildren(...lines.map((line) => element("p", "", line)));
  who.hidden = Boolean(state.by_mail || state.moved);
  find("save").hidden = !state.number;
  find("transcript").hidden = !(state.number && state.by_mail);
}

let seeing = 0;
let seenUpto = 0;
function saw() {
  const last = Math.max(0, ...[...shown.values()].filter((said) => said.ours).map((said) => said.id));
  if (last <= seenUpto || document.visibilityState !== "visible") return;
  clearTimeout(seeing);
  seeing = setTimeout(async () => {
    try {
      await ask("seen/", { upto: last });
      seenUpto = last;
    } catch {
      /* said again with the next one */
    }
  }, SEEN_SOON);
}

/* Saying something: shown at once, kept until it arrived, sent again with the same name, so that it arrives once. */

const waiting = () => kept.get().waiting ?? [];
const unsaid = (once) => kept.put({ waiting: waiting().filter((one) => one.once !== once) });

function shownWaiting(one) {
  if (thread.querySelector(`[data-once="${CSS.escape(one.once)}"]`)) return;
  const item = row({ ours: false, at: new Date().toISOString(), text: one.text });
  item.dataset.once = one.once;
  item.classList.add("is-waiting");
  thread.append(item);
  middle.scrollTop = middle.scrollHeight;
}

let sending = null;
let again = 0;
function send() {
  // Two pages of one visitor begin one talk.
  sending ??= alone(`${KEPT}.send`, sendAll).finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  clearTimeout(again);
  for (let one = waiting()[0]; one; one = waiting()[0]) {
    try {
      if (!kept.get().token) kept.put({ token: (await ask("begin/", { pass: body.dataset.pass, website: find("website").value })).token });
      const told = await ask("say/", { ...one, after: newest });
      unsaid(one.once);
      thread.querySelector(`[data-once="${CSS.escape(one.once)}"]`)?.removeAttribute("data-late");
      show(told);
      complain("");
      startStream();
    } catch (error) {
      if (error.code === "ended") continue;
      const late = thread.querySelector(`[data-once="${CSS.escape(one.once)}"]`);
      if (["long", "empty", "address", "shape"].includes(error.code)) {
        // It will never be taken as it is: back to its writer.
        unsaid(one.once);
        late?.remove();
        box.value = box.value ? `${one.text}\n${box.value}` : one.text;
        if (error.code === "address") find("email").focus();
        return complain(error.said);
      }
      late?.setAttribute("data-late", words.late);
      complain(error.said ?? words.lost);
      again = setTimeout(send, 4000 + Math.random() * 4000);
      return;
    }
  }
}

function complain(said) {
  problem.textContent = said ?? "";
  problem.hidden = !said;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return complain(words.empty);
  if (text.length > Number(body.dataset.most)) return complain(words.long);
  const email = find("email");
  if (email.value && !email.checkValidity()) {
    complain(words.address);
    return email.focus();
  }
  complain("");
  const one = { once: crypto.randomUUID(), text, name: find("name").value.trim(), email: email.value.trim() };
  kept.put({ name: one.name, email: one.email, waiting: [...waiting(), one] });
  box.value = "";
  grow();
  shownWaiting(one);
  send();
});

/* An address given after the first word. */
find("save").addEventListener("click", async () => {
  const email = find("email");
  if (!email.value || !email.checkValidity()) {
    complain(words.address);
    return email.focus();
  }
  kept.put({ name: find("name").value.trim(), email: email.value.trim() });
  try {
    show(await ask("address/", { name: find("name").value.trim(), email: email.value.trim(), after: newest }));
    complain("");
    live.textContent = words.thanks;
    box.focus();
  } catch (error) {
    complain(error.said ?? words.lost);
  }
});

find("transcript").addEventListener("click", async () => {
  try {
    live.textContent = (await ask("transcript/", {})).words;
    complain("");
    standing.append(element("p", "", live.textContent));
  } catch (error) {
    complain(error.said ?? words.lost);
  }
});

function grow() {
  box.rows = Math.min(6, Math.max(2, box.value.split("\n").length));
}

let wrote = 0;
box.addEventListener("input", () => {
  grow();
  if (!kept.get().token || !state.number || Date.now() - wrote < 3000) return;
  wrote = Date.now();
  ask("writing/", {}).catch(() => {});
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

/* What comes by itself */

function hear({ event, data }) {
  if (event === "talk") show(data);
  else if (event === "answering") answering();
}

let stops = 0;
function answering() {
  typing.hidden = false;
  clearTimeout(stops);
  stops = setTimeout(() => (typing.hidden = true), 6000);
}

attach({
  hear,
  newest: () => newest,
  back: () => {
    if (problem.textContent === words.lost) complain("");
    send();
  },
  lost: () => complain(words.lost),
});

/* The page around us */

function tell(what, more = {}) {
  if (parent !== window) parent.postMessage({ troth: what, ...more }, body.dataset.origin);
}

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== body.dataset.origin) return;
  isOpen = event.data?.troth === "opened";
  if (!isOpen) return;
  unread = 0;
  saw();
  middle.scrollTop = middle.scrollHeight;
  (state.number || kept.get().name || kept.get().email ? box : find("name")).focus();
});
document.addEventListener("visibilitychange", () => isOpen && saw());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tell("close");
});
find("close").addEventListener("click", () => tell("close"));
if (parent === window) find("close").hidden = true;
addEventListener("online", () => send());

const before = kept.get();
find("name").value = before.name ?? "";
find("email").value = before.email ?? "";
stands();
for (const one of waiting()) shownWaiting(one);
if (before.token) {
  ask("told/", {})
    .then((told) => {
      show(told);
      startStream();
      return send();
    })
    .catch((error) => complain(error.said ?? words.lost))
    .finally(() => tell("ready"));
} else {
  send();
  tell("ready");
}
document.documentElement.dataset.ready = "";
