/* Where a page asks for a time zone first, the browser's own is offered. */
export function start() {
  const field = document.querySelector(".login #id_zone");
  if (!field || document.querySelector(".errors")) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...field.options].some((option) => option.value === own)) field.value = own;
}
