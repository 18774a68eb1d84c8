/* Naming a colleague in a note: after @ their names are offered below the words, and chosen with the arrow keys. */
import { say } from "./toast.js";

const MOST = 8;
/* What stands between the @ and the caret: up to three words. */
const BEGUN = /(?:^|[^\p{L}\p{N}_.@+-])@([\p{L}\p{N}_.'’@-]*(?: [\p{L}\p{N}_.'’-]*){0,2})$/u;

class Names {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("textarea");
    this.people = null;
    this.found = [];
    this.here = 0;
    this.list = document.createElement("ul");
    this.list.className = "names";
    this.list.id = `${this.text.id}-names`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", form.dataset.peopleLabel);
    this.list.hidden = true;
    this.text.after(this.list);
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.setAttribute("aria-haspopup", "listbox");
    this.text.addEventListener("input", () => this.look());
    this.text.addEventListener("click", () => this.look());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const one = event.target.closest("[role=option]");
      if (one) this.take(Number(one.dataset.place));
    });
  }

  begun() {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    return from === to ? value.slice(0, from).match(BEGUN)?.[1] ?? null : null;
  }

  async look() {
    const begun = this.begun();
    if (begun === null) return this.close();
    if (!this.people) {
      try {
        const answer = await fetch(this.form.dataset.people, { credentials: "same-origin" });
        if (!answer.ok || answer.redirected) return;
        this.people = (await answer.json()).people;
      } catch {
        return;
      }
      if (this.begun() === null) return;
    }
    const wanted = (this.begun() ?? "").toLowerCase();
    const found = this.people
      .filter((one) => [one.name, one.email, ...one.name.split(" ")].some((part) => part.toLowerCase().startsWith(wanted)))
      .slice(0, MOST);
    const isNew = found.length && found.length !== this.found.length;
    this.found = found;
    this.here = 0;
    if (!found.length) return this.close();
    this.show();
    if (isNew) say(this.form.dataset.peopleWords.replace("*", found.length));
  }

  show() {
    this.list.replaceChildren(
      ...this.found.map((one, place) => {
        const line = document.createElement("li");
        line.id = `${this.list.id}-${place}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", String(place === this.here));
        line.dataset.place = place;
        const name = document.createElement("strong");
        name.textContent = one.name;
        const email = document.createElement("span");
        email.className = "row-quiet";
        email.textContent = one.email;
        line.append(name, " ", email);
        return line;
      }),
    );
    this.list.hidden = false;
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.setAttribute("aria-activedescendant", `${this.list.id}-${this.here}`);
  }

  close() {
    this.found = [];
    this.list.hidden = true;
    this.text.removeAttribute("aria-controls");
    this.text.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (!this.found.length || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      this.here = (this.here + by + this.found.length) % this.found.length;
      this.show();
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.take(this.here);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(place) {
    const begun = this.begun();
    const one = this.found[place];
    if (begun === null || !one) return this.close();
    const to = this.text.selectionStart;
    this.text.setRangeText(`@${one.written} `, to - begun.length - 1, to, "end");
    this.close();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function start() {
  for (const form of document.querySelectorAll("form[data-people]")) new Names(form);
}
