/* A few words at the foot of the page, said aloud once. With `undo` they count down. */
import { words } from "./words.js";

const place = () => document.getElementById("toasts");

export function say(text) {
  const said = document.getElementById("said");
  if (!said) return;
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
}

export function toast(text, { kind = "info", seconds = 6, undo = null } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.kind = kind;
  const line = document.createElement("span");
  line.textContent = text;
  box.append(line);
  let left = seconds;
  const count = document.createElement("span");
  const button = document.createElement("button");
  button.type = "button";
  if (undo) {
    count.className = "toast-left";
    count.setAttribute("aria-hidden", "true");
    count.textContent = left;
    const cap = document.createElement("kbd");
    cap.setAttribute("aria-hidden", "true");
    cap.textContent = "u";
    button.append(words.undo, " ", cap);
    button.dataset.key = "u";
    button.dataset.keyWords = words.undo;
    button.addEventListener("click", () => {
      end();
      undo();
    });
    box.append(count);
  } else {
    button.textContent = words.close;
    button.addEventListener("click", end);
  }
  box.append(button);
  place()?.append(box);
  say(text);
  // Whoever reads or points at it may take as long as they need, except where the server counts too.
  const beat = setInterval(() => {
    if (!undo && (box.matches(":hover") || box.contains(document.activeElement))) return;
    left -= 1;
    count.textContent = Math.max(left, 0);
    if (left <= 0) end();
  }, 1000);
  function end() {
    clearInterval(beat);
    box.remove();
  }
  return end;
}

/* Toasts the page came with; one that can be taken back says how: data-undo (a path), data-seconds. */
export function start() {
  for (const box of document.querySelectorAll(".toast")) {
    const text = box.querySelector("span")?.textContent ?? "";
    say(text);
    box.querySelector("[data-close-toast]")?.addEventListener("click", () => box.remove());
  }
  const undo = document.querySelector("[data-undo-url]");
  if (!undo) return;
  const form = undo.closest("form");
  const seconds = Number(undo.dataset.seconds);
  if (seconds > 0) {
    undo.hidden = true;
    toast(undo.dataset.words, { seconds, undo: () => form.requestSubmit() });
  }
}
