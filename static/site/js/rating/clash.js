// Two values of one item side by side, with the choice between them.
import * as items from "./items.js";
import { clock } from "./state.js";

const pattern = document.getElementById("clash");

function describe(side, code, given) {
  const parts = [given.score ? `Rated ${given.score}` : "Not rated", ...items.sourceNames(code, given.sources)];
  if (given.is_flagged) parts.push("come back");
  side.querySelector(".clash__values").textContent = parts.join(" · ");
  side.querySelector(".clash__note").textContent = given.note || "No note";
}

export function clear(code) {
  items.item(code).querySelector(".clash")?.remove();
}

/** What is typed on after the conflict is what “mine” means. */
export function renew(code, mine) {
  const side = items.item(code).querySelector('.clash [data-side="mine"]');
  if (side) describe(side, code, mine);
}

export function show(code, mine, theirs, choose) {
  clear(code);
  const panel = pattern.content.firstElementChild.cloneNode(true);
  panel.id = `clash-${code}`;
  describe(panel.querySelector('[data-side="mine"]'), code, mine);
  const other = panel.querySelector('[data-side="theirs"]');
  describe(other, code, theirs);
  other.querySelector(".clash__whose").textContent = `Saved ${clock(theirs.saved_at)}`;
  panel.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]")?.dataset.choose;
    if (!choice) return;
    choose(choice);
    items.radios(code).find((each) => each.checked)?.focus();
  });
  items.item(code).querySelector("[data-problem]").after(panel);
}
