/* Writing to a customer: drafts kept on the server, promises found while typing, a date asked for before sending. */
import { Draft } from "./drafts.js";
import { Elsewhere } from "./elsewhere.js";
import { isField, post, words } from "./words.js";
import { say, toast } from "./toast.js";

const READ_AFTER = 450;
const KEEP_AFTER = 900;

function later(wait, act) {
  let timer = 0;
  const call = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
  call.now = (...given) => {
    clearTimeout(timer);
    return act(...given);
  };
  call.stop = () => clearTimeout(timer);
  return call;
}

const named = (promise) => promise.querySelector("[name^=quote-]").name;

class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector(".composer-text");
    this.state = form.querySelector("[data-draft-state]");
    this.found = form.querySelector("[data-found]");
    /* What the server has of it, and what it may have besides: words on their way, or sent as the page went. */
    this.kept = form.elements.over?.value ?? this.text.value;
    this.given = new Set([this.kept]);
    this.keeping = false;
    this.other = new Elsewhere(form, (which, theirs) => this.choose(which, theirs));
    this.reading = 0;
    this.leaving = false;
    /* The promises a person has said something about, by the names of their fields. */
    this.sure = new Set();
    this.keep = later(KEEP_AFTER, () => this.keepDraft());
    this.read = later(READ_AFTER, () => this.readPromises());
    this.own = new Draft(form.dataset.draftUrl, form.dataset.way ?? "out", (news) => this.elsewhere(news));
    this.again();
    this.text.addEventListener("input", () => {
      this.keep();
      this.read();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send(event.shiftKey ? "[data-send-next]" : "[data-send]");
      }
    });
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("formdata", ({ formData }) => form.elements.over && this.over(formData));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("click", (event) => this.told(event));
    addEventListener("pagehide", () => this.beacon());
    // Back from the browser's memory: the page is as it was, and writes on.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.leaving = false;
    });
    if (this.found) this.mark();
    if (this.text.value.trim()) this.read.now();
  }

  async keepDraft() {
    const url = this.form.dataset.draftUrl;
    if (!url || this.leaving || this.text.value === this.kept) return;
    if (this.other.asks) return this.hold();
    // One after the other: what was typed first must not come last.
    if (this.keeping) return this.keep();
    this.keeping = true;
    const value = this.text.value;
    const values = this.draft();
    this.given.add(value);
    const answer = await post(url, values);
    const told = await answer?.json().catch(() => null);
    this.keeping = false;
    if (answer?.ok && told?.kept) {
      this.has(value);
      this.own.given({ text: value, words: told?.words ?? "" });
      this.state.textContent = words.saved;
    } else if (told?.elsewhere) {
      this.given.delete(value);
      this.elsewhere(told.elsewhere);
    } else {
      if (answer) this.given.delete(value);
      this.hold(answer?.status === 401 ? words.signedOut : words.unsaved);
      this.keep();
    }
  }

  /* The server has these words, and no others. */
  has(text) {
    this.kept = text;
    this.given = new Set([text]);
  }

  /* While it is asked which words count, these were written over none of those that are kept. */
  hold(why = words.elsewhere) {
    this.own.hold(this.text.value, this.other.asks ? null : this.kept);
    this.state.textContent = why;
  }

  /* Words that were written without a connection, and lost with their page, are here again. */
  again() {
    const held = this.form.dataset.draftUrl ? this.own.again(this.kept) : null;
    if (!held) return;
    this.text.value = held.text;
    toast(words.again);
    if (this.kept.trim() && this.kept !== held.over) this.other.ask({ text: this.kept, words: this.form.elements.over?.dataset.keptWords ?? "" });
    this.keep();
  }

  /* The same draft was kept from another page: it is followed where nothing was written here meanwhile, and asked about where something was. */
  elsewhere({ text, words: when }) {
    if (text === this.text.value) this.has(text);
    else if (this.text.value === this.kept) {
      this.text.value = text;
      this.has(text);
      if (this.found) this.read();
    } else {
      this.has(text);
      this.other.ask({ text, words: when });
      this.hold();
    }
  }

  /* Which words count from here on; answers with how it was. */
  choose(which, theirs) {
    const mine = this.text.value;
    if (which === "theirs") this.text.value = theirs;
    if (which === "both") this.text.value = `${theirs}\n\n${mine}`;
    if (which === "theirs") this.own.letGo();
    this.state.textContent = "";
    this.keep();
    if (this.found) this.read();
    this.text.focus();
    return () => {
      this.keep.stop();
      this.text.value = mine;
      if (this.found) this.read();
    };
  }

  /* What this page knows the server to have, so that it overwrites nothing else. */
  over(values) {
    values.delete("over");
    for (const text of [...this.given].slice(-10)) values.append("over", text);
  }

  draft() {
    const values = new FormData();
    values.set("body", this.text.value);
    values.set("way", this.form.dataset.way ?? "out");
    if (this.form.elements.over) this.over(values);
    return values;
  }

  /* What is read: the words, and what their writer says of the letter they are. */
  asked() {
    const values = this.draft();
    for (const field of this.form.querySelectorAll("[data-formal], [name^=tick-]:checked, [name=without]")) {
      if (field.value) values.set(field.name, field.value);
    }
    return values;
  }

  beacon() {
    const url = this.form.dataset.draftUrl;
    if (!url || this.leaving || this.text.value === this.kept) return;
    this.own.hold(this.text.value, this.other.asks ? null : this.kept); // nobody tells whether what is sent with the last breath arrives
    if (this.other.asks) return;
    const values = this.draft();
    this.given.add(this.text.value);
    values.set("csrfmiddlewaretoken", document.body.dataset.csrf ?? "");
    navigator.sendBeacon(url, values);
  }

  async readPromises() {
    const url = this.form.dataset.readUrl;
    if (!url || !this.found) return;
    const turn = ++this.reading;
    const answer = await post(url, this.asked());
    if (!answer?.ok || turn !== this.reading) return;
    const text = await answer.text();
    if (turn !== this.reading) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const said = this.said();
    const count = this.found.querySelectorAll("[data-promise]").length;
    this.found.replaceChildren(...page.body.childNodes);
    this.repeat(said);
    const promises = this.found.querySelectorAll("[data-promise]");
    const notice = this.found.querySelector("[data-said]")?.dataset.said;
    if (promises.length !== count && notice) say(notice);
  }

  /* What was already chosen beside the text is chosen again after a fresh reading. */
  said() {
    const values = new Map();
    for (const field of this.found.querySelectorAll("input, select")) {
      if (field.type === "radio") {
        if (field.checked) values.set(field.name, field.value);
      } else if (field.type === "checkbox") values.set(field.name, field.checked);
      else if (field.type !== "hidden" && field.value) values.set(field.name, field.value);
    }
    return values;
  }

  repeat(values) {
    for (const field of this.found.querySelectorAll("input, select")) {
      if (!values.has(field.name)) continue;
      const value = values.get(field.name);
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = value;
      else if (field.type !== "hidden") field.value = value;
    }
    this.mark();
  }

  /* What was confirmed stays so when the words are read again. */
  mark() {
    for (const promise of this.found.querySelectorAll("[data-promise]")) {
      promise.classList.toggle("is-sure", this.sure.has(named(promise)));
      const sure = promise.querySelector("[data-sure]");
      if (sure) sure.value = this.sure.has(named(promise)) ? "1" : "";
      promise.querySelector("[data-say]")?.removeAttribute("hidden");
    }
  }

  /* One key says that a promise is right, or none; then comes the next one, and after the last the text. */
  told(event) {
    const button = event.target.closest("[data-confirm], [data-deny]");
    const promise = button?.closest("[data-promise]");
    if (!promise) return;
    promise.querySelector("[data-keep]").checked = button.matches("[data-confirm]");
    this.settle(promise);
  }

  settle(promise) {
    promise.classList.remove("asks");
    this.sure.add(named(promise));
    this.mark();
    const next = [...this.found.querySelectorAll("[data-promise]:not(.is-sure)")][0];
    (next ?? this.text).focus();
  }

  changed(event) {
    if (event.target.matches("[data-template]")) {
      const chosen = event.target.selectedOptions[0];
      if (chosen?.dataset.body) this.insert(chosen.dataset.body);
      event.target.value = "";
    }
    if (event.target.matches("[data-format]")) {
      const tools = this.form.querySelector("[data-format-tools]");
      if (tools) tools.hidden = event.target.value !== "rich";
    }
    if (event.target.matches(".offer input")) {
      this.settle(event.target.closest("[data-promise]"));
    }
  }

  insert(words) {
    const { selectionStart: from, selectionEnd: to } = this.text;
    this.text.setRangeText(words, from, to, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  wrap(before, after = before) {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    this.text.setRangeText(before + value.slice(from, to) + after, from, to, "select");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  /* The first promise whose date nobody has given yet. */
  undated() {
    return [...(this.found?.querySelectorAll("[data-promise][data-asks]") ?? [])].find((one) => {
      const kept = one.querySelector("[data-keep]");
      if (kept && !kept.checked) return false;
      return !one.querySelector(".offer input:checked") && !one.querySelector("[data-own-date]")?.value;
    });
  }

  async send(button = "[data-send]") {
    this.keep.stop();
    this.read.stop();
    await this.readPromises();
    this.form.requestSubmit(this.form.querySelector(button) ?? this.form.querySelector("[data-send]"));
  }

  submit(event) {
    if (this.other.asks) {
      event.preventDefault();
      this.other.focus();
      return;
    }
    const asks = this.undated();
    if (asks) {
      event.preventDefault();
      asks.scrollIntoView({ block: "nearest" });
      asks.focus();
      say(asks.dataset.asks);
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      this.own.hold(this.text.value, this.kept);
      toast(words.offline, { kind: "error" });
      return;
    }
    // Pressed twice, sent once.
    if (this.leaving) return event.preventDefault();
    this.leaving = true;
    this.keep.stop();
    this.own.letGo();
  }
}

/* Reply and note are two panels of one place. */
function tabs() {
  for (const list of document.querySelectorAll("[role=tablist][data-tabs]")) {
    const all = [...list.querySelectorAll("[role=tab]")];
    const choose = (tab, { focus = false } = {}) => {
      for (const one of all) {
        const here = one === tab;
        one.setAttribute("aria-selected", String(here));
        one.tabIndex = here ? 0 : -1;
        document.getElementById(one.getAttribute("aria-controls")).hidden = !here;
      }
      if (!focus) return;
      const text = document.getElementById(tab.getAttribute("aria-controls")).querySelector("textarea");
      text?.focus();
      text?.setSelectionRange(text.value.length, text.value.length);
    };
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) choose(tab, { focus: true });
    });
    list.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
      choose(next);
      next.focus();
    });
  }
}

export function start() {
  tabs();
  const composers = new Map();
  for (const form of document.querySelectorAll("form[data-composer]")) composers.set(form, new Composer(form));
  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-wrap]");
    if (tool) composers.get(tool.closest("form"))?.wrap(tool.dataset.wrap, tool.dataset.wrapEnd);
  });
  // A message that came while this page was open is announced where the reply is written.
  document.addEventListener("troth:news", ({ detail }) => {
    const composer = document.querySelector("form[data-composer][data-case]");
    const from = composer?.dataset.case;
    if (from && (detail.about ?? "").split(" ").includes(`case:${from}`) && isField(document.activeElement) && composer.dataset.newWords) {
      toast(composer.dataset.newWords, { seconds: 12 });
    }
  });
}
