/* The line to the desk: what is asked over it, and what comes by itself. */
import { KEPT, alone, kept } from "./kept.js";

const { key } = document.body.dataset;
const words = document.getElementById("words").dataset;

export async function ask(path, values) {
  const token = kept.get().token;
  const answer = await fetch(`/chat/to/${key}/${path}`, {
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

/* The stream. One page of a visitor's holds it and tells their others; a line that breaks is taken up where it broke. */

let stream = null;
let tries = 0;
let holds = false;
/* What the page does with what comes (`hear`), up to where it has all (`newest`), and what it says of the line (`back`, `lost`). */
let page = null;
export const attach = (theirs) => (page = theirs);

let channel = null;
try {
  channel = new BroadcastChannel(KEPT);
  channel.addEventListener("message", ({ data }) => page?.hear(data));
} catch {
  /* a browser that lets frames share nothing */
}

export function startStream() {
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
      const answer = await fetch(`/chat/events/${key}`, {
        credentials: "omit",
        headers: { Authorization: `Bearer ${kept.get().token}`, "Last-Event-ID": String(page.newest()) },
        signal,
      });
      if (answer.status === 401) {
        forget();
        break;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      tries = 0;
      page.back();
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    } catch {
      if (signal.aborted) break;
      if (tries > 2) page.lost();
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
      page.hear(news);
    }
  }
}
