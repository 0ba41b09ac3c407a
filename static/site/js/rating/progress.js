// How far the sheet is, counted from the page itself, so that it is right without a connection too.
import * as items from "./items.js";

const words = document.querySelector("[data-words]");
const bar = document.querySelector("#rating-progress progress");
const totals = JSON.parse(items.form.dataset.totals || "[]"); // one for each part of the scale, or one without a name

const figures = ({ name, codes }, total) => `${name ? `${name} ` : ""}${total} of ${codes.length * 5}`;

function summary(given, rated, of) {
  const added = totals.map((part) => [part, part.codes.reduce((sum, code) => sum + (given.get(code).score ?? 0), 0)]);
  const inParts = totals.length > 0 && totals[0].name !== "";
  if (rated < of) {
    const soFar = added.map(([part, total]) => figures(part, total)).join(", ");
    return `${rated} of ${of} rated, ${inParts ? `running totals so far: ${soFar}` : `running total ${soFar} so far`}`;
  }
  const words = added.map(([part, total]) => {
    const band = part.bands.find(([minimum]) => total >= minimum)?.[1];
    return `${figures(part, total)}${band ? `, ${band}` : ""}`;
  });
  return `All ${of} rated, ${inParts ? "" : "total "}${words.join("; ")}`;
}

function showState(code, { score, is_flagged: flagged }) {
  const line = document.querySelector(`.item-list [data-for="${CSS.escape(code)}"]`);
  const chip = document.createElement("span");
  chip.className = `score score--${score ?? "none"}`;
  chip.textContent = score ?? "not rated";
  const before = chip.ownerDocument.createElement("span");
  before.className = "usa-sr-only";
  before.textContent = "rated ";
  if (score) chip.prepend(before);
  line.querySelector("[data-score]").replaceChildren(chip);
  line.querySelector("[data-flag]").hidden = !flagged;
}

export function nextUnrated(from = null) {
  const codes = items.codes();
  const start = from ? codes.indexOf(from) + 1 : 0;
  return [...codes.slice(start), ...codes.slice(0, start)].find((code) => items.values(code).score === null);
}

export function refresh() {
  const codes = items.codes();
  const given = new Map(codes.map((code) => [code, items.values(code)]));
  const scores = [...given.values()].map((each) => each.score).filter((score) => score !== null);
  for (const [code, each] of given) showState(code, each);
  for (const part of document.querySelectorAll(".item-list [data-section]")) {
    const own = [...part.querySelectorAll("[data-for]")].map((line) => given.get(line.dataset.for).score);
    part.querySelector("[data-count]").textContent = `${own.filter((score) => score !== null).length} of ${own.length}`;
  }
  words.textContent = summary(given, scores.length, codes.length);
  bar.value = scores.length;
  const open = nextUnrated();
  for (const link of document.querySelectorAll("[data-next]")) {
    link.href = open ? `#item-${open}` : "#save";
    if (!link.classList.contains("usa-skipnav")) link.hidden = !open;
  }
}
