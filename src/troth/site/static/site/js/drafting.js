/* A machine's draft comes into the answer by a person's click, and is marked as such until they have changed it. */
import { post } from "./words.js";

async function put(button) {
  const form = document.querySelector("form[data-composer][data-way=out]");
  const text = form?.querySelector(".composer-text");
  const words = button.closest("section").querySelector("[data-draft-text]")?.textContent ?? "";
  if (!text || !words) return;
  const values = new FormData();
  values.set("draft", button.dataset.draftPut);
  // Only what the server knows to be a machine's may stand in the answer: the gate asks about its promises.
  const answer = await post(button.dataset.draftUrl, values);
  if (!answer?.ok) return;
  const lead = text.value && !/\n\s*$/.test(text.value.slice(0, text.selectionStart)) ? "\n\n" : "";
  text.setRangeText(lead + words, text.selectionStart, text.selectionEnd, "end");
  const mark = form.querySelector("[data-machine-mark]");
  const put = text.value;
  if (mark) {
    mark.hidden = false;
    const changed = () => {
      if (text.value === put) return;
      mark.hidden = true;
      text.removeEventListener("input", changed);
    };
    text.addEventListener("input", changed);
  }
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draft-put]");
    if (button) put(button);
  });
}
