/* Single keys, only while no field is in use, never with Alt; each page's keys are whatever carries data-key. */
import { isField } from "./words.js";

const SWITCH = "troth.keys";
let waiting = "";
let forget = 0;

const on = () => document.documentElement.dataset.keys !== "off" && localStorage.getItem(SWITCH) !== "off";

const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

const rows = () => [...document.querySelectorAll("[data-row]")].filter(seen);
const handle = (row) => row.querySelector(".cover, [tabindex='-1']") ?? row;

function step(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  handle(all[next]).focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function act(letters) {
  const open = document.querySelector("dialog[open]");
  const scope = open ?? document;
  // The offers beside the place in use come before the same key elsewhere, and a page's own before the rail's.
  const near = document.activeElement?.closest?.("[data-keys-near]");
  const found =
    near?.querySelector(`[data-key="${CSS.escape(letters)}"]`) ??
    [...scope.querySelectorAll(`main [data-key="${CSS.escape(letters)}"]`)].find(seen) ??
    [...scope.querySelectorAll(`[data-key="${CSS.escape(letters)}"]`)].find(seen);
  if (!found) return false;
  perform(found);
  return true;
}

/* What its key does to an element: a field is gone to, anything else is pressed. */
export function perform(found) {
  if (found.matches("input:not([type=radio], [type=checkbox]), textarea, select")) found.focus();
  else {
    if (found.matches("[type=radio], summary")) found.focus();
    found.click();
  }
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && isField(event.target) && !event.target.closest("dialog")) {
    event.target.blur();
    (document.querySelector("[data-keys-near]:not(.is-sure)") ?? document.querySelector("[data-keys-near]"))?.focus();
    return;
  }
  if (!on() || isField(event.target) || event.key.length !== 1) return;
  if (!document.querySelector("dialog[open]")) {
    if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
      return event.preventDefault();
    }
  }
  const letters = waiting ? `${waiting} ${event.key}` : event.key;
  clearTimeout(forget);
  waiting = "";
  if (act(letters)) return event.preventDefault();
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    waiting = event.key;
    forget = setTimeout(() => (waiting = ""), 1200);
  }
}

/* The help lists what this page answers to, so it can never be out of date. */
function list() {
  const place = document.querySelector("[data-keys-list]");
  if (!place) return;
  const told = new Set();
  for (const element of document.querySelectorAll("[data-key][data-key-words]")) {
    const { key, keyWords } = element.dataset;
    if (told.has(key)) continue;
    told.add(key);
    const line = document.createElement("div");
    const what = document.createElement("dt");
    const how = document.createElement("dd");
    what.textContent = keyWords;
    how.append(
      ...key.split(" ").flatMap((letter) => {
        const cap = document.createElement("kbd");
        cap.textContent = letter;
        return [cap, " "];
      }),
    );
    line.append(what, how);
    line.dataset.own = "";
    place.append(line);
  }
}

export function start() {
  document.addEventListener("keydown", pressed);
  const box = document.querySelector("[data-keys-switch]");
  const help = box?.closest("dialog");
  if (!box || !help) return;
  box.checked = on();
  box.addEventListener("change", () => {
    localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    delete document.documentElement.dataset.keys;
    if (!box.checked) document.documentElement.dataset.keys = "off";
  });
  list();
}
