/** The first run: the browser knows its time zone; nobody needs to look for it in a list of four hundred. */

const select = document.querySelector("[data-guess-zone] select[name=time_zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select instanceof HTMLSelectElement && [...select.options].some((option) => option.value === zone)) select.value = zone;
