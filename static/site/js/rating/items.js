// One item of the page: its fields read into values, and values written into its fields.
export const form = document.getElementById("sheet");

export const codes = () => [...form.querySelectorAll("[data-item]")].map((item) => item.dataset.item);
export const item = (code) => form.querySelector(`[data-item="${CSS.escape(code)}"]`);
export const radios = (code) => [...item(code).querySelectorAll(".anchors input")];
export const note = (code) => form.elements[`note-${code}`];
const flag = (code) => form.elements[`flag-${code}`];
const versionField = (code) => form.elements[`version-${code}`];
const boxes = (code) => [...item(code).querySelectorAll(".item__sources input")];

export function values(code) {
  const score = radios(code).find((each) => each.checked)?.value;
  return {
    score: score ? Number(score) : null,
    note: note(code).value,
    sources: boxes(code).filter((each) => each.checked).map((each) => each.value),
    is_flagged: flag(code).checked,
  };
}

export function show(code, given) {
  for (const each of radios(code)) each.checked = each.value === String(given.score ?? "");
  if (note(code).value !== given.note) note(code).value = given.note;
  for (const each of boxes(code)) each.checked = given.sources.includes(each.value);
  flag(code).checked = given.is_flagged;
}

export const version = (code) => Number(versionField(code).value);
export function setVersion(code, number) { versionField(code).value = String(number); }

export function same(one, other) {
  const told = (given) => JSON.stringify([given.score, given.note, [...given.sources].sort(), given.is_flagged]);
  return told(one) === told(other);
}

export const name = (code) => item(code).querySelector("h3").textContent;
export const sourceNames = (code, chosen) => boxes(code).filter((each) => chosen.includes(each.value)).map((each) => each.labels[0].textContent.trim());

/** A small line under the item: "Saved 2:14 PM", or that it waits. */
export function mark(code, words, waiting = false) {
  const line = item(code).querySelector("[data-saved]");
  line.textContent = words;
  line.classList.toggle("is-waiting", waiting);
}

export function problem(code, words) {
  const place = item(code).querySelector("[data-problem]");
  place.replaceChildren();
  if (words) {
    const line = place.appendChild(document.createElement("span"));
    line.className = "usa-error-message";
    line.textContent = words;
    note(code).setAttribute("aria-invalid", "true");
  } else note(code).removeAttribute("aria-invalid");
}
