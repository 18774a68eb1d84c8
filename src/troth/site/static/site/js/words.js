/* Words the page was given in its own language. */
export const words = document.getElementById("words")?.dataset ?? {};

export const token = () => document.body.dataset.csrf ?? "";

export const isField = (element) =>
  !!element?.closest?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]");

/* POST a form's worth of values; the answer, or null when there was no connection. */
export async function post(url, values) {
  try {
    return await fetch(url, {
      method: "POST",
      body: values,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      credentials: "same-origin",
    });
  } catch {
    return null;
  }
}
