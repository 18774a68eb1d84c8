/* Who else is here: an open case says so every few seconds and hears of the others; a list of cases asks. */
import { post } from "./words.js";

const BEAT = 5000;
/* Whoever typed within this time is writing. */
const TYPED = 8000;
const LIST_EVERY = 15000;

const includes = (detail, one) => (detail.about ?? "").split(" ").includes(one);

/* One line for each colleague, whoever writes first; from the words the page was given. */
function lines(others, given) {
  const order = { reply: 0, note: 1, "": 2 };
  return [...others]
    .sort((one, other) => order[one.writes] - order[other.writes])
    .map((one) => ({
      writes: one.writes,
      words: (one.writes === "reply" ? given.replyWords : one.writes === "note" ? given.noteWords : given.openWords).replace("*", () => one.name),
    }));
}

class Page {
  constructor(place) {
    this.place = place;
    this.composer = document.querySelector("[data-here-writing]");
    this.others = [];
    this.typed = { at: 0, way: "" };
    this.timer = 0;
    this.over = 0;
    document.addEventListener("input", (event) => this.types(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.beat()));
    document.addEventListener("troth:here", ({ detail }) => {
      if (includes(detail, `case:${place.dataset.case}`)) this.soon();
    });
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.beat());
    if (!document.hidden) this.beat();
  }

  types(event) {
    const form = event.target.closest?.("form[data-composer]");
    if (!form || !event.target.matches("textarea")) return;
    const way = form.dataset.way === "note" ? "note" : "reply";
    const isNew = this.writes() !== way;
    this.typed = { at: Date.now(), way };
    if (isNew) this.soon();
  }

  writes() {
    return Date.now() - this.typed.at < TYPED ? this.typed.way : "";
  }

  /* Others change in one breath what one look can tell. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), 150);
  }

  async beat() {
    clearTimeout(this.timer);
    if (document.hidden) return;
    this.timer = setTimeout(() => this.beat(), BEAT);
    const values = new FormData();
    values.set("writes", this.writes());
    const answer = await post(this.place.dataset.here, values);
    if (!answer?.ok || answer.redirected) return;
    // An answer that broke off on its way tells nothing; the next beat asks again.
    const told = await answer.json().catch(() => null);
    if (!told) return;
    this.others = told.others.map((one) => ({ ...one, until: Date.now() + one.left * 1000 }));
    this.show();
  }

  leave() {
    clearTimeout(this.timer);
    const values = new FormData();
    values.set("gone", "1");
    values.set("csrfmiddlewaretoken", document.body.dataset.csrf ?? "");
    navigator.sendBeacon(this.place.dataset.here, values);
  }

  show() {
    clearTimeout(this.over);
    const here = this.others.filter((one) => one.until > Date.now());
    const told = lines(here, this.place.dataset);
    const words = told.map((line) => line.words).join("\n");
    if (words !== this.said) {
      this.said = words;
      this.place.replaceChildren(...told.map((line) => element(line)));
      const writing = told.filter((line) => line.writes === "reply");
      if (this.composer) {
        this.composer.hidden = !writing.length;
        this.composer.replaceChildren(...writing.map((line) => element(line)));
      }
    }
    // Nothing more heard, for want of a connection too: they are gone.
    const next = Math.min(...here.map((one) => one.until));
    if (here.length) this.over = setTimeout(() => this.show(), Math.max(next - Date.now(), 0) + 50);
  }
}

function element({ words, writes }) {
  const line = document.createElement("span");
  line.className = "here-one";
  if (writes) line.dataset.writes = writes;
  line.textContent = words;
  return line;
}

/* A list of cases: a mark in the row of each in which somebody is. */
class List {
  constructor() {
    this.timer = 0;
    document.addEventListener("troth:here", ({ detail }) => {
      if (this.rows().some((row) => includes(detail, `case:${row.dataset.id}`))) this.soon(300);
    });
    document.addEventListener("troth:fresh", () => this.soon(0));
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon(0));
    this.soon(0);
  }

  rows() {
    return [...document.querySelectorAll(".case-row[data-id]")];
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  async look() {
    const place = document.querySelector("[data-present]");
    const rows = this.rows();
    if (!place || !rows.length || document.hidden) return;
    let found = {};
    try {
      const answer = await fetch(`${place.dataset.present}?cases=${rows.map((row) => row.dataset.id).join(",")}`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      found = (await answer.json()).cases;
    } catch {
      return;
    }
    for (const row of rows) {
      const told = lines(found[row.dataset.id] ?? [], place.dataset);
      const old = row.querySelector(".here-tags");
      if ((old?.textContent ?? "") === told.map((line) => line.words).join("")) continue;
      old?.remove();
      if (!told.length) continue;
      const tags = document.createElement("span");
      tags.className = "here-tags";
      tags.append(...told.map((line) => element(line)));
      row.querySelector(".row-tags")?.prepend(tags);
    }
    // Who goes without a word is gone when nothing is heard of them.
    if (Object.keys(found).length) this.soon(LIST_EVERY);
  }
}

export function start() {
  const place = document.querySelector("[data-here]");
  if (place) new Page(place);
  if (document.querySelector("[data-present]")) new List();
}
