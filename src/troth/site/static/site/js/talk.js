/* In a chat: that the customer is writing at this moment, for as long as they do. */
const FADES_AFTER = 6000;

export function start() {
  const place = document.querySelector("[data-talk-writes]");
  if (!place) return;
  let fades = 0;
  document.addEventListener("troth:news", ({ detail }) => {
    const about = (detail.about ?? "").split(" ");
    if (about.includes(`case:${place.dataset.talkWrites}`)) place.hidden = true;
    if (!about.includes(`writing:${place.dataset.talkWrites}`)) return;
    place.hidden = false;
    clearTimeout(fades);
    fades = setTimeout(() => (place.hidden = true), FADES_AFTER);
  });
}
