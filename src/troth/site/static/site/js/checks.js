/* The reply check: one key puts a suggested sentence in, one waves a check off for this case; what was folded open stays so. */
import { post } from "./words.js";
import { toast } from "./toast.js";

const formOf = (element) => element.closest("form[data-composer]");
const textOf = (form) => form.querySelector(".composer-text");

/* At the cursor, apart from the words around it; then the first place to fill in is chosen, so that typing fills it. */
export function putIn(text, words) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const before = value.slice(0, from);
  const after = value.slice(to);
  const lead = before && !/\s$/.test(before) ? " " : "";
  const trail = after && !/^\s/.test(after) ? " " : "";
  text.setRangeText(lead + words + trail, from, to, "end");
  const start = from + lead.length;
  const blank = words.match(/\[\[[^\]]*\]\]/);
  text.focus();
  if (blank) text.setSelectionRange(start + blank.index, start + blank.index + blank[0].length);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

async function tell(form, values) {
  const sent = new FormData();
  for (const [name, value] of Object.entries(values)) sent.set(name, value);
  const answer = await post(form.dataset.checksUrl, sent);
  return answer?.ok ?? false;
}

const readAgain = (form) => textOf(form).dispatchEvent(new Event("input", { bubbles: true }));

async function waveOff(button) {
  const form = formOf(button);
  const item = button.closest("[data-check]");
  const check = button.dataset.waveOff;
  if (!(await tell(form, { check }))) return;
  const next = item.nextElementSibling ?? item.previousElementSibling;
  const words = item.closest("[data-checks]").dataset.waved;
  item.remove();
  (next ?? textOf(form)).focus();
  toast(words, {
    undo: async () => {
      await tell(form, { check, again: "1" });
      readAgain(form);
    },
  });
  readAgain(form);
}

function clicked(event) {
  const button = event.target.closest("[data-put-in], [data-wave-off], [data-show-again]");
  const form = button && formOf(button);
  if (!form) return;
  if (button.dataset.putIn) putIn(textOf(form), button.dataset.putIn);
  else if (button.dataset.waveOff) waveOff(button);
  else tell(form, { again: "1" }).then(() => readAgain(form));
}

export function start() {
  document.addEventListener("click", clicked);
  for (const found of document.querySelectorAll("form[data-composer] [data-found]")) {
    let open = false;
    found.addEventListener("toggle", (event) => {
      if (event.target.matches("[data-checks-more]")) open = event.target.open;
    }, true);
    // The words were read again.
    new MutationObserver(() => {
      const more = found.querySelector("[data-checks-more]");
      if (more) more.open = open;
    }).observe(found, { childList: true });
  }
}
