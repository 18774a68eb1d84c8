/* Words the page was given in its own language. */
export const words = document.getElementById("words")?.dataset ?? {};

export const token = () => document.body.dataset.csrf ?? "";

export const isField = (element) =>
  !!element?.closest?.("input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]");

/* Whether an answer is the page to sign in, to which every door leads once a session is over. */
export const toSignIn = (answer) => answer.redirected && new URL(answer.url).pathname.startsWith("/account/");

/* POST a form's worth of values; the answer, or null when there was no connection. Who is signed out is answered 401. */
export async function post(url, values) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: values,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      credentials: "same-origin",
    });
    return toSignIn(answer) ? new Response(null, { status: 401 }) : answer;
  } catch {
    return null;
  }
}
