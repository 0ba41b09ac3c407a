// Moving through the sheet by keys: 1 to 5 only while an item's ratings have the focus, so no letter is ever taken away.
import * as items from "./items.js";
import { nextUnrated } from "./progress.js";

function press(radio) {
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

items.form.addEventListener("keydown", (event) => {
  const own = event.target.closest(".anchors input");
  if (!own || event.ctrlKey || event.metaKey || event.altKey) return;
  const code = own.closest("[data-item]").dataset.item;
  const clears = event.key === "Backspace" || event.key === "Delete";
  const wanted = clears ? "" : event.key;
  if (!clears && !/^[1-5]$/.test(event.key)) return;
  event.preventDefault();
  press(items.radios(code).find((radio) => radio.value === wanted));
});

/** Puts the focus on an item's ratings: on the chosen one, or the first. */
export function go(code) {
  const radios = items.radios(code);
  const target = radios.find((radio) => radio.checked && radio.value) ?? radios[0];
  items.item(code).scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-next]");
  if (!link) return;
  const here = document.activeElement.closest?.("[data-item]")?.dataset.item ?? last;
  const code = nextUnrated(here);
  if (!code) return;
  event.preventDefault();
  go(code);
});

let last = null;
items.form.addEventListener("focusin", (event) => {
  const code = event.target.closest("[data-item]")?.dataset.item;
  if (!code || code === last) return;
  last = code;
  for (const link of document.querySelectorAll(".item-list li a")) {
    if (link.closest("[data-for]").dataset.for === code) point(link);
    else link.removeAttribute("aria-current");
  }
});

/** Marks the item that is being rated in the list, and scrolls the list (never the page) to it. */
function point(link) {
  link.setAttribute("aria-current", "location");
  const list = link.closest(".item-list");
  const [inner, outer] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - outer.height / 2;
}
