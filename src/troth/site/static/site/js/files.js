/* Files that go with an answer: chosen, dropped or pasted; on the server at once, so that nothing of them is lost with the page. */
import { post, token } from "./words.js";
import { say, toast } from "./toast.js";

class Files {
  constructor(place) {
    this.place = place;
    this.said = place.dataset;
    this.list = place.querySelector("[data-files-in]");
    this.form = place.closest("form");
    this.field = this.form.querySelector("[data-files-field]");
    this.waiting = null;
    this.under = new Set();
    this.form.querySelector("[data-files-choose]").addEventListener("click", () => this.field.click());
    this.field.addEventListener("change", () => {
      this.take([...this.field.files]);
      this.field.value = "";
    });
    this.list.addEventListener("click", (event) => {
      const out = event.target.closest("[data-file-out]");
      if (out) this.leaveOut(out);
    });
    this.form.addEventListener("paste", (event) => {
      const came = [...(event.clipboardData?.files ?? [])];
      if (!came.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.take(came);
    });
    this.drops(this.form.closest(".composer"));
    // Asked before the composer is: what is on its way is waited for.
    this.form.addEventListener("submit", (event) => this.submit(event), true);
    addEventListener("beforeunload", (event) => {
      if (this.under.size) event.preventDefault();
    });
  }

  drops(box) {
    const holds = (event) => event.dataTransfer?.types.includes("Files") && !this.form.closest("[hidden]");
    box.addEventListener("dragover", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      box.classList.add("is-over");
    });
    box.addEventListener("dragleave", (event) => {
      if (!box.contains(event.relatedTarget)) box.classList.remove("is-over");
    });
    box.addEventListener("drop", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      box.classList.remove("is-over");
      this.take([...event.dataTransfer.files]);
    });
    // A file let go beside the place would open in its stead, and the page with all that is typed be gone.
    for (const kind of ["dragover", "drop"])
      document.addEventListener(kind, (event) => {
        if (event.dataTransfer?.types.includes("Files") && !event.target.closest?.("input[type=file]")) event.preventDefault();
      });
  }

  take(files) {
    for (const file of files) this.send(file, this.line(file));
  }

  line(file) {
    const item = document.createElement("li");
    item.className = "file";
    item.append(document.createElement("span"));
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    item.append(name);
    this.list.append(item);
    return item;
  }

  send(file, item) {
    item.classList.remove("is-wrong");
    item.querySelector(".file-wrong")?.remove();
    const rest = document.createElement("span");
    rest.className = "row-quiet";
    rest.textContent = this.said.wayWords;
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    const wrong = (words, again) => {
      this.under.delete(item);
      rest.remove();
      bar.remove();
      this.refused(file, item, words, again);
    };
    if (this.list.querySelectorAll("[data-file]").length >= Number(this.said.most) || file.size > Number(this.said.sizeMost))
      return this.refused(file, item, this.said.roomWords, false);
    item.append(rest, bar);
    const values = new FormData();
    values.set("file", file, file.name);
    const asked = new XMLHttpRequest();
    asked.open("POST", this.said.href);
    asked.setRequestHeader("X-CSRFToken", token());
    asked.setRequestHeader("X-Requested-With", "fetch");
    asked.upload.addEventListener("progress", (event) => (bar.value = event.loaded));
    asked.addEventListener("error", () => wrong(this.said.lostWords, true));
    asked.addEventListener("load", () => {
      const plain = (asked.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
      if (asked.status !== 201) {
        const room = asked.status === 413 && !plain;
        return wrong(plain ? asked.responseText : room ? this.said.roomWords : this.said.failedWords, asked.status >= 500);
      }
      this.under.delete(item);
      const fresh = this.made(asked.responseText);
      item.replaceWith(fresh);
      say(this.said.inWords.replace("*", file.name));
      this.settled();
    });
    this.under.add(item);
    asked.send(values);
  }

  made(text) {
    return document.adoptNode(new DOMParser().parseFromString(text, "text/html").querySelector("[data-file]"));
  }

  refused(file, item, words, again) {
    item.classList.add("is-wrong");
    const line = document.createElement("span");
    line.className = "file-wrong";
    const said = document.createElement("span");
    said.textContent = words;
    const buttons = document.createElement("span");
    buttons.className = "buttons";
    const button = (text, name, act) => {
      const one = document.createElement("button");
      one.type = "button";
      one.className = "button button-plain";
      one.textContent = text;
      one.setAttribute("aria-label", name);
      one.addEventListener("click", act);
      buttons.append(one);
    };
    if (again) button(this.said.againWords, `${this.said.againWords}: ${file.name}`, () => this.send(file, item));
    button(this.said.leaveWords, `${this.said.leaveWords}: ${file.name}`, () => {
      item.remove();
      this.settled();
    });
    line.append(said, buttons);
    item.append(line);
    say(`${file.name}: ${words}`);
    this.settled();
  }

  /* Gone at once; the server is told, and where it cannot be, the file is there again. */
  async leaveOut(button) {
    const item = button.closest("[data-file]");
    const { fileOut: href, name } = button.dataset;
    const next = item.nextElementSibling;
    item.remove();
    (next?.querySelector("button") ?? this.form.querySelector("textarea")).focus();
    const answer = await post(href, this.word("out"));
    if (!answer?.ok) {
      this.list.insertBefore(item, next?.isConnected ? next : null);
      toast(this.said.stillWords.replace("*", name), { kind: "error" });
      return;
    }
    toast(this.said.outWords.replace("*", name), {
      seconds: 8,
      undo: async () => {
        const back = await post(href, this.word("back"));
        const text = await back?.text();
        if (!back?.ok) return toast(text && back.status === 413 ? text : this.said.lostWords, { kind: "error" });
        this.list.insertBefore(this.made(text), next?.isConnected ? next : null);
        this.form.querySelector("textarea").focus();
      },
    });
  }

  word(put) {
    const values = new FormData();
    values.set("put", put);
    return values;
  }

  submit(event) {
    if (this.under.size) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.waiting = event.submitter;
      toast(this.said.waitsWords);
    } else if (this.list.querySelector(".is-wrong")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.list.querySelector(".is-wrong button").focus();
      toast(this.said.wrongWords, { kind: "error" });
    }
  }

  /* The answer that was to go as soon as all is there. */
  settled() {
    if (this.under.size || !this.waiting) return;
    const submitter = this.waiting;
    this.waiting = null;
    this.form.requestSubmit(submitter);
  }
}

export function start() {
  for (const place of document.querySelectorAll("[data-files]")) new Files(place);
}
