/* What is kept here between two visits, and what only one page of a visitor's does at a time. */
export const KEPT = `troth.chat.${document.body.dataset.key}`;

/* A browser that lets frames keep nothing has the talk for as long as the page is open; its visitor is told so. */
const memory = {};
let nothing = false;
export const keepsNothing = () => nothing;
export const kept = {
  get: () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    } catch {
      return memory;
    }
  },
  put: (values) => {
    const all = { ...kept.get(), ...values };
    Object.assign(memory, all);
    try {
      localStorage.setItem(KEPT, JSON.stringify(all));
    } catch {
      nothing = true;
    }
  },
};

/* One page of this visitor's at a time; where frames may not share a lock, each for itself. */
export async function alone(name, work) {
  let begun = false;
  try {
    return await navigator.locks.request(name, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}
