/* Choosing several rows: x one, X all up to this one, a click with Shift the same; kept while the list is fetched anew. */
import { isField } from "./words.js";

const chosen = new Set();
let anchor = null;

const boxes = () => [...document.querySelectorAll("[data-pick]")];

function show(form) {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  const count = chosen.size;
  const { one, many, none } = form.dataset;
  const words = count === 0 ? none : count === 1 ? one : many.replace("*", count);
  const place = form.querySelector("[data-bulk-count]");
  if (place.textContent !== words) place.textContent = words;
  form.classList.toggle("has-chosen", count > 0);
  form.querySelector("[data-bulk-none]").hidden = count === 0;
}

function upTo(box, on) {
  const all = boxes();
  const [from, to] = [all.findIndex((one) => one.value === anchor), all.indexOf(box)];
  if (to < 0) return;
  const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (const one of all.slice(first, last + 1)) {
    if (on) chosen.add(one.value);
    else chosen.delete(one.value);
  }
}

/* On a small screen the views, and the pages of the settings, lie in one line: the one in use is seen, also when their counts have come. */
function seeView(views) {
  const here = views?.querySelector("[aria-current]");
  if (!here) return;
  const [place, line] = [here.getBoundingClientRect(), views.getBoundingClientRect()];
  views.scrollLeft += place.left + place.width / 2 - line.left - line.width / 2;
}

export function start() {
  seeView(document.querySelector(".desk-running"));
  const views = document.querySelector(".views");
  seeView(views);
  const anew = () => seeView(document.querySelector(".views"));
  if (views) new MutationObserver(anew).observe(views.parentElement, { childList: true });
  for (const fold of document.querySelectorAll(".filter-fold"))
    fold.addEventListener("toggle", () => fold.open && fold.querySelector("input:not([type=hidden])")?.focus());
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  let shift = false;
  document.addEventListener("click", (event) => (shift = event.shiftKey), true);
  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (!box) return;
    if (shift) upTo(box, box.checked);
    else if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
    anchor = box.value;
    shift = false;
    show(form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      return form.requestSubmit(form.querySelector(".button-first"));
    }
    if (event.key !== "X" || isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.documentElement.dataset.keys === "off") return;
    const box = document.activeElement?.closest?.("[data-row]")?.querySelector("[data-pick]");
    if (!box) return;
    upTo(box, true);
    anchor = box.value;
    show(form);
  });
  form.querySelector("[data-bulk-none]").addEventListener("click", () => {
    chosen.clear();
    show(form);
  });
  form.addEventListener("submit", () => {
    // What is chosen but not on this page any more goes along all the same.
    const here = new Set(boxes().map((box) => box.value));
    for (const old of form.querySelectorAll("[data-elsewhere]")) old.remove();
    for (const value of chosen) {
      if (here.has(value)) continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "case", value });
      field.dataset.elsewhere = "";
      form.append(field);
    }
  });
  form.querySelector("details").addEventListener("toggle", (event) => {
    if (event.target.open) form.querySelector(".bulk-fields select")?.focus();
  });
  for (const box of boxes()) if (box.checked) chosen.add(box.value);
  const list = document.getElementById("list")?.parentElement;
  if (list) new MutationObserver(() => show(form)).observe(list, { childList: true, subtree: true });
  show(form);
}
