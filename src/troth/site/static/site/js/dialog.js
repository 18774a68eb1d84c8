/* Dialogs opened by whatever names them: data-open="id"; closed by data-close, Esc, or a click beside them. */
export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open);
      if (dialog && !dialog.open) dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer) return closer.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
  // Something went wrong with a form: its summary is read first, and the fold it sits in is open.
  const wrong = document.querySelector("[data-focus]");
  if (wrong) {
    const dialog = wrong.closest("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    wrong.focus();
  }
  for (const dialog of document.querySelectorAll("dialog[data-show]")) if (!dialog.open) dialog.showModal();
}
