/* One writer, two pages: neither text gives way before its writer has said which counts. */
import { toast } from "./toast.js";

export class Elsewhere {
  /* `chosen(which, theirs)` acts on what was chosen, and answers with how to take it back. */
  constructor(form, chosen) {
    this.place = form.querySelector("[data-elsewhere]");
    this.chosen = chosen;
    this.given = { text: "", words: "" };
    if (!this.place) return;
    this.words = this.place.querySelector("[data-elsewhere-words]");
    this.text = this.place.querySelector("[data-elsewhere-text]");
    this.place.querySelector("[data-elsewhere-do]").hidden = false;
    if (this.asks) this.given = { text: this.text.textContent, words: this.words.textContent };
    this.place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-take]");
      if (button) this.take(button.dataset.take);
    });
  }

  get asks() {
    return !!this.place && !this.place.hidden;
  }

  ask({ text, words }) {
    if (!this.place || (this.asks && text === this.given.text)) return;
    this.given = { text, words };
    this.words.textContent = words;
    this.text.textContent = text;
    this.place.hidden = false;
    toast(words, { seconds: 8 });
  }

  focus() {
    this.place.scrollIntoView({ block: "nearest" });
    this.place.focus();
  }

  take(which) {
    const { given } = this;
    this.place.hidden = true;
    const back = this.chosen(which, given.text);
    const said = { mine: this.place.dataset.asideWords, theirs: this.place.dataset.takenWords, both: this.place.dataset.bothWords }[which];
    toast(said, {
      seconds: 20,
      undo: () => {
        back();
        this.ask(given);
        this.focus();
      },
    });
  }
}
