/* Letters that rules lay down: another choice is read at once, and so is a tick; how many points are missing is said. */
import { say } from "./toast.js";

const textOf = (form) => form.querySelector(".composer-text");
const readAgain = (form) => textOf(form).dispatchEvent(new Event("input", { bubbles: true }));

export function start() {
  document.addEventListener("change", (event) => {
    const form = event.target.matches("[data-formal], [data-formal-tick]") && event.target.closest("form[data-composer]");
    if (form) readAgain(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-formal-choose]");
    const form = button?.closest("form[data-composer]");
    if (!form) return;
    const choice = form.querySelector("[data-formal]");
    choice.value = button.dataset.formalChoose;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    textOf(form).focus();
  });
  for (const found of document.querySelectorAll("form[data-composer] [data-found]")) {
    let told = "";
    new MutationObserver(() => {
      const words = found.querySelector("[data-formal-letter]")?.dataset.formalLetter ?? "";
      if (words && words !== told) say(words);
      told = words;
    }).observe(found, { childList: true });
  }
}
