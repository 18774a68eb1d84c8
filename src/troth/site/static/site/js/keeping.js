/* A small form beside a case keeps itself when something else is chosen: it says what was kept, and goes back where nothing was. */
import { post, words } from "./words.js";
import { toast } from "./toast.js";

/* Arrow keys pass by what nobody means. */
const SETTLED = 600;

const fresh = (page) => {
  for (const place of document.querySelectorAll("[data-fresh]")) {
    const other = page.querySelector(`[data-fresh="${CSS.escape(place.dataset.fresh)}"]`);
    if (other && !place.contains(document.activeElement)) place.replaceWith(document.importNode(other, true));
  }
};

class Small {
  constructor(form) {
    this.form = form;
    this.field = form.querySelector("select");
    this.kept = this.field.value;
    this.turn = 0;
    this.timer = 0;
    this.field.addEventListener("change", () => this.soon(SETTLED));
    this.field.addEventListener("blur", () => this.timer && this.soon(0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.soon(0);
    });
    addEventListener("pagehide", () => this.beacon());
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), wait);
  }

  async keep() {
    this.timer = 0;
    const { value } = this.field;
    if (value === this.kept) return;
    const turn = ++this.turn;
    this.form.dataset.keeping = "";
    const answer = await post(this.form.action, new FormData(this.form));
    const text = answer?.ok && new URL(answer.url).pathname === location.pathname ? await answer.text().catch(() => null) : null;
    if (turn !== this.turn) return;
    delete this.form.dataset.keeping;
    const page = text === null ? null : new DOMParser().parseFromString(text, "text/html");
    const now = page?.getElementById(this.field.id)?.value;
    const { keptWords, unkeptWords, lostWords } = this.form.parentElement.dataset;
    const told = [...(page?.querySelectorAll("#toasts .toast > span") ?? [])].map((line) => line.textContent);
    if (now !== value) {
      this.field.value = now ?? this.kept;
      this.kept = this.field.value;
      const why = answer === null ? lostWords : answer.status === 401 ? words.signedOut : told.length ? told.join(" ") : unkeptWords;
      toast(why, { kind: "error", seconds: 10 });
      return;
    }
    this.kept = value;
    fresh(page);
    for (const other of smalls) other.follows(page);
    for (const line of told) toast(line);
    if (!told.length) toast(keptWords.replace("*", () => `${this.form.querySelector("label").textContent.trim()}, ${this.field.selectedOptions[0].textContent.trim()}`), { seconds: 3 });
    document.dispatchEvent(new CustomEvent("troth:kept"));
  }

  /* One choice may change another: what is answered waits, what is given away has another owner. */
  follows(page) {
    const now = page.getElementById(this.field.id)?.value;
    if (now === undefined || this.timer || this.field.value !== this.kept) return;
    this.field.value = this.kept = now;
  }

  /* Whoever leaves at once has chosen all the same. */
  beacon() {
    if (!this.timer || this.field.value === this.kept) return;
    clearTimeout(this.timer);
    this.timer = 0;
    navigator.sendBeacon(this.form.action, new FormData(this.form));
  }
}

let smalls = [];

export function start() {
  smalls = [...document.querySelectorAll("form[data-keeps-itself]")].map((form) => new Small(form));
}
