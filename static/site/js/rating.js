// The rating page: saves each item as it is changed, with or without a connection. Without this script the page is an
// ordinary form that saves all items at once.
import * as items from "./rating/items.js";
import * as progress from "./rating/progress.js";
import * as queue from "./rating/queue.js";
import * as store from "./rating/store.js";
import * as visit from "./rating/visit.js";
import { say } from "./rating/state.js";
import "./rating/keys.js";

const AFTER_A_CHOICE = 150;
const AFTER_TYPING = 900;
const isOpen = !("locked" in items.form.dataset);

function listen() {
  items.form.addEventListener("input", (event) => {
    const code = event.target.closest("[data-item]")?.dataset.item;
    if (!code || event.target.type === "radio" && event.target.name.startsWith("keep-")) return;
    if (event.target.matches("textarea")) queue.change(code, AFTER_TYPING);
  });
  items.form.addEventListener("change", (event) => {
    const code = event.target.closest("[data-item]")?.dataset.item;
    if (!code || event.target.name.startsWith("keep-") || event.target.matches("textarea")) return;
    queue.change(code, AFTER_A_CHOICE);
    progress.refresh();
  });
  items.form.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea") && queue.unsent()) queue.flush({ now: true });
  });
}

/** Checking and finishing needs everything on the server first. */
async function check(event) {
  const link = event.target.closest("[data-check]");
  if (!link) return;
  event.preventDefault();
  const address = document.querySelector("a[data-check]").href;
  if (await queue.flush({ now: true })) location.assign(address);
  else showWhatWaits();
}

/** The first choice between two values; the line about saving where none is open. */
function showWhatWaits() {
  const clash = document.querySelector(".clash");
  (clash ?? document.getElementById("save-state")).scrollIntoView({ block: clash ? "center" : "nearest" });
  clash?.querySelector("[data-choose]")?.focus({ preventScroll: true });
}

function takeOver() {
  items.form.setAttribute("data-unwatched", ""); // this script warns by itself, and only while something waits
  for (const element of document.querySelectorAll("[data-unscripted]")) element.hidden = true;
  for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
  items.form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", check);
}

async function shareSwitch() {
  const box = document.querySelector("[data-shared]");
  box.checked = store.isShared();
  box.addEventListener("change", async () => {
    await queue.share(box.checked);
    if (box.checked) await visit.forget();
    visit.start();
  });
}

async function start() {
  takeOver();
  listen();
  await shareSwitch();
  await visit.look().catch(() => {});
  const left = await queue.restore().catch(() => 0);
  progress.refresh();
  if (left) {
    say(navigator.onLine ? "busy" : "away", left);
    queue.flush({ now: true });
  }
  visit.start();
}

// A refused form stays an ordinary form: its answers are on the page, and its own buttons send them.
if (isOpen && !("refused" in items.form.dataset)) start();
