/* The talk, in the desk's own frame. What opens it is a token kept here, which no page outside can read. */
const body = document.body;
const words = document.getElementById("words").dataset;
const place = `/chat/to/${body.dataset.key}/`;
const KEPT = `troth.chat.${body.dataset.key}`;
const SEEN_SOON = 400;
const find = (name) => document.getElementById(name);
const [thread, middle, form, box, problem, who, live, standing, typing] =
  ["thread", "middle", "form", "text", "problem", "who", "live", "standing", "typing"].map(find);

/* A browser that lets frames keep nothing has the talk for as long as the page is open; its visitor is told so. */
const memory = {};
let keepsNothing = false;
const kept = {
  get: () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    } catch {
      return memory;
    }
  },
  put: (values) => {
    const all = { ...kept.get(), ...values };
    Object.assign(memory, all);
    try {
      localStorage.setItem(KEPT, JSON.stringify(all));
    } catch {
      keepsNothing = true;
    }
  },
};

let isOpen = parent === window;
let newest = 0;
let unread = 0;
let state = {};
const shown = new Map();

async function ask(path, values) {
  const token = kept.get().token;
  const answer = await fetch(place + path, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(values),
  });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (told.code === "ended") forget();
  throw Object.assign(new Error(told.problem ?? words.failed), { said: told.problem, code: told.code });
}

function forget() {
  kept.put({ token: "" });
  stopStream();
}

/* What is said */

/* In the reader's own zone, which it names. */
const tongue = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const when = new Intl.DateTimeFormat(tongue, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(tongue, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function row(said) {
  const item = element("li", said.ours ? "said ours" : "said");
  const head = element("p", "said-head");
  head.append(element("strong", "", said.ours ? said.who : words.you), " ");
  const at = element("time", "", when.format(new Date(said.at)));
  at.dateTime = said.at;
  at.title = day.format(new Date(said.at));
  head.append(at);
  item.append(head, element("p", "said-text", said.text));
  if (said.word?.length) {
    const list = element("ul", "word");
    for (const one of said.word) list.append(element("li", "", `${one.what}: ${words.by.replace("*", day.format(new Date(one.by)))}`));
    item.append(element("p", "word-head", words.word), list);
  }
  return item;
}

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
  if (state.number && !state.moved) lines.push(state.by_mail ? words.byMail : keepsNothing ? words.noStore : words.noMail);
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

/* One page of this visitor's at a time; where frames may not share a lock, each for itself. */
async function alone(name, work) {
  let begun = false;
  try {
    return await navigator.locks.request(name, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  }
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

/* The stream. One page of a visitor's holds it and tells their others; a line that breaks is taken up where it broke. */

let stream = null;
let tries = 0;
let holds = false;
let channel = null;
try {
  channel = new BroadcastChannel(KEPT);
  channel.addEventListener("message", ({ data }) => hear(data));
} catch {
  /* a browser that lets frames share nothing */
}

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

function startStream() {
  if (stream || holds) return;
  holds = true;
  alone(KEPT, listen).finally(() => (holds = false));
}

function stopStream() {
  stream?.abort();
  stream = null;
}

async function listen() {
  stream = new AbortController();
  const { signal } = stream;
  while (!signal.aborted) {
    try {
      const answer = await fetch(`/chat/events/${body.dataset.key}`, {
        credentials: "omit",
        headers: { Authorization: `Bearer ${kept.get().token}`, "Last-Event-ID": String(newest) },
        signal,
      });
      if (answer.status === 401) {
        forget();
        break;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      tries = 0;
      if (problem.textContent === words.lost) complain("");
      send();
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    } catch {
      if (signal.aborted) break;
      if (tries > 2) complain(words.lost);
    }
    // Those who lost the line together do not all come back together.
    const wait = Math.min(30_000, 500 * 2 ** Math.min(tries, 6)) * (0.5 + Math.random());
    tries += 1;
    await new Promise((done) => setTimeout(done, wait));
  }
}

async function read(reader) {
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const events = rest.split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const fields = Object.fromEntries(event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
      if (!fields.event) continue;
      const news = { event: fields.event, data: fields.event === "talk" ? JSON.parse(fields.data) : null };
      channel?.postMessage(news);
      hear(news);
    }
  }
}

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
