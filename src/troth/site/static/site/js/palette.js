/* Ctrl K: every page and every key of this page by typing, and cases and customers by name or number.
   A combobox with a listbox, as the ARIA Authoring Practices have it: the focus stays in the field. */
import { perform } from "./keys.js";

const ASK_AFTER = 180;
const SHOWN_MOST = 12;

const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

/* How well *typed* names *words*: the beginning of all, of a word, or anywhere; 0 for not at all. */
function fits(words, typed) {
  const said = plain(words);
  let worst = said.startsWith(typed) ? 4 : 3;
  for (const part of typed.split(/\s+/).filter(Boolean)) {
    if (!said.includes(part)) return 0;
    if (!said.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(part))) worst = 1;
  }
  return worst;
}

class Palette {
  constructor(box) {
    this.box = box;
    this.said = box.dataset;
    this.field = box.querySelector(".palette-field");
    this.list = box.querySelector("[role=listbox]");
    this.status = box.querySelector("[role=status]");
    this.near = [];
    this.far = [];
    this.turn = 0;
    this.timer = 0;
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    // The field keeps the focus while somebody points.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    box.addEventListener("close", () => {
      clearTimeout(this.timer);
      this.turn += 1;
    });
  }

  open() {
    if (this.box.open) return this.box.close();
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    this.near = this.here();
    this.far = [];
    this.field.value = "";
    this.box.showModal();
    this.field.focus();
    this.show();
  }

  /* What this page answers to, and every page there is. */
  here() {
    const found = [];
    const told = new Set();
    const add = (one) => {
      const name = plain(one.words);
      if (!one.words || told.has(name)) return;
      told.add(name);
      found.push(one);
    };
    const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;
    for (const element of document.querySelectorAll("main [data-key][data-key-words]")) {
      if (!seen(element)) continue;
      add({ words: element.dataset.keyWords, about: this.said.hereWords, key: element.dataset.key, does: () => perform(element) });
    }
    for (const element of document.querySelectorAll(".rail [data-key][data-key-words]"))
      add({ words: element.dataset.keyWords, about: element.href ? this.said.goWords : this.said.hereWords, key: element.dataset.key, href: element.href, does: () => element.click() });
    for (const link of this.box.querySelectorAll("[data-palette-places] a"))
      add({ words: link.textContent.trim(), about: this.said.goWords, href: link.href });
    for (const link of document.querySelectorAll("main nav.chips a[href]"))
      add({ words: link.textContent.trim().replace(/\s+/g, " "), about: this.said.hereWords, href: link.href });
    return found;
  }

  typed() {
    clearTimeout(this.timer);
    this.turn += 1;
    this.far = [];
    const text = this.field.value.trim();
    this.show(text.length > 1 || /\d/.test(text) ? this.said.waitWords : "");
    if (text.length > 1 || /\d/.test(text)) this.timer = setTimeout(() => this.ask(text), ASK_AFTER);
  }

  async ask(text) {
    const turn = this.turn;
    let words = "";
    try {
      const answer = await fetch(`${this.said.href}?q=${encodeURIComponent(text)}`, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { found } = await answer.json();
      if (turn !== this.turn) return;
      this.far = found.map((one) => ({ ...one, about: [this.said[`${one.sort}Words`], one.about].filter(Boolean).join(" ") }));
    } catch {
      if (turn !== this.turn) return;
      words = this.said.lostWords;
    }
    this.show(words);
  }

  show(words = "") {
    const text = this.field.value.trim();
    const typed = plain(text);
    const near = this.near
      .map((one) => ({ ...one, fit: typed ? fits(one.words, typed) : 1 }))
      .filter((one) => one.fit)
      .sort((one, other) => other.fit - one.fit)
      .slice(0, SHOWN_MOST);
    const search = text ? [{ words: this.said.searchWords.replace("*", text), about: "", href: this.said.search + encodeURIComponent(text) }] : [];
    // A number means the case of that number before anything else.
    const all = /^#?\d+$/.test(text) ? [...this.far, ...near] : [...near, ...this.far];
    const chosen = this.list.querySelector("[aria-selected=true]")?.dataset.name;
    this.shown = [...all, ...search];
    this.list.replaceChildren(...this.shown.map((one, place) => this.option(one, place)));
    const again = this.moved ? [...this.list.children].find((option) => option.dataset.name === chosen) : null;
    this.mark(again ?? this.list.firstElementChild);
    this.status.textContent = words || (text && !all.length ? this.said.noneWords : text ? this.said.countWords.replace("*", all.length) : "");
    this.status.classList.toggle("is-heard", !words && (all.length > 0 || !text));
  }

  option(one, place) {
    const option = document.createElement("li");
    option.id = `palette-${place}`;
    option.role = "option";
    option.dataset.name = one.href ?? one.words;
    const words = document.createElement("span");
    words.className = "palette-words";
    words.textContent = one.words;
    const about = document.createElement("span");
    about.className = "palette-about";
    about.textContent = one.about;
    option.append(words, about);
    for (const letter of one.key?.split(" ") ?? []) {
      const cap = document.createElement("kbd");
      cap.setAttribute("aria-hidden", "true");
      cap.textContent = letter;
      option.append(cap);
    }
    return option;
  }

  mark(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const all = [...this.list.children];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 6, all.length - 1), PageUp: Math.max(at - 6, 0) }[event.key];
    if (to !== undefined && all.length) {
      event.preventDefault();
      this.moved = true;
      this.mark(all[to]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (all[at]) this.choose(all[at], event);
    } else if (event.key.length === 1) this.moved = false;
  }

  choose(option, event) {
    const one = this.shown[[...this.list.children].indexOf(option)];
    this.box.close();
    if (one.href && (event?.ctrlKey || event?.metaKey)) open(one.href);
    else if (one.does) one.does();
    else location.assign(one.href);
  }
}

export function start() {
  const box = document.querySelector("[data-palette]");
  if (!box) return;
  const palette = new Palette(box);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    palette.open();
  });
  for (const button of document.querySelectorAll("[data-palette-open]")) button.addEventListener("click", () => palette.open());
}
