/* Passkeys: allauth's scripts talk to the device; this says in our words when the device said no. */
const trouble = document.querySelector("[data-passkey-trouble]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (trouble) trouble.hidden = false;
});

for (const button of document.querySelectorAll("#passkey-button")) {
  button.addEventListener("click", () => { if (trouble) trouble.hidden = true; }, { capture: true });
}
