/* How another answer began is put where this one is written, as if it were typed: it is kept as a draft, and read. */
export function start() {
  document.addEventListener("click", (event) => {
    const words = event.target.closest?.("[data-begin]")?.dataset.begin;
    const place = document.getElementById("reply-body");
    if (!words || !place) return;
    document.getElementById("tab-reply")?.click();
    place.focus();
    place.setRangeText(place.value && !/\s$/.test(place.value) ? `\n${words}` : words, place.selectionStart, place.selectionEnd, "end");
    place.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
