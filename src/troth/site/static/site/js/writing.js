/* Writing what is said of an incident: sentences are put into their fields, moments into theirs, and what the server does not have yet stays here. */
import { Draft } from "./drafts.js";
import { putIn } from "./checks.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

const fields = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=hidden][name^=text-], input:not([type])")].filter((one) => one.name.startsWith("text-") || one.name === "untold");
const told = (form) => JSON.stringify(Object.fromEntries(fields(form).map((one) => [one.name, one.value])));

function fill(button) {
  const field = document.getElementById(button.dataset.fill);
  if (!field) return;
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

function keep(form) {
  const own = new Draft(form.getAttribute("action"), "say", () => {});
  const first = told(form);
  let at = first;
  form.addEventListener("input", () => {
    at = told(form);
    own.hold(at, first);
  });
  new MutationObserver(() => {
    if (form.querySelector("#looked [data-kept]") && told(form) === at) own.letGo();
  }).observe(form.querySelector("#looked"), { childList: true });
  form.addEventListener("submit", () => own.letGo());
  // Words that were written without a connection, and lost with their page, are here again.
  const held = own.again(first);
  if (!held) return;
  try {
    const values = JSON.parse(held.text);
    for (const field of fields(form)) if (field.name in values) field.value = values[field.name];
  } catch {
    return own.letGo();
  }
  toast(words.again);
  form.querySelector("textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start() {
  document.addEventListener("click", (event) => {
    const filling = event.target.closest?.("[data-fill]");
    if (filling) return fill(filling);
    const putting = event.target.closest?.("form[data-writing] [data-put-in]");
    const field = putting && document.getElementById(putting.dataset.into);
    if (field) putIn(field, putting.dataset.putIn);
  });
  for (const form of document.querySelectorAll("form[data-writing]")) {
    keep(form);
    form.elements.kind?.addEventListener("change", ({ target }) => {
      form.querySelector(".next-word-field").hidden = target.value === "ended";
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.querySelector("[data-send]")?.click();
      }
    });
  }
}
