// The queue: every change is first a row on the device, then a message to the server, one after another.
// A row leaves the device only when the server has confirmed exactly that row.
import * as items from "./items.js";
import * as store from "./store.js";
import * as visit from "./visit.js";
import { send } from "./send.js";
import { clock, say, tell } from "./state.js";
import { clear as clearClash, renew as renewClash, show as showClash } from "./clash.js";

const SHORTEST = 2000;
const LONGEST = 60000;
const { person, review } = items.form.dataset;

const waiting = new Map(); // item -> row; what this tab knows to be unsent
const due = new Map(); // item -> timer until it may be sent
const stuck = new Map(); // item -> "conflict" or "refused": waits for a person, not for the network
const listeners = [];
let sending = null;
let pause = SHORTEST;
let retry = null;
let ended = false;

export const onSaved = (listener) => listeners.push(listener);
export const unsent = () => waiting.size;

const stamp = () => `${performance.timeOrigin + performance.now()}`;

/** Notes a change of an item and sends it after `delay` milliseconds of quiet. */
export async function change(code, delay) {
  const row = { person, review, item: code, values: items.values(code), version: items.version(code), at: stamp(), label: items.name(code) };
  waiting.set(code, row);
  if (stuck.get(code) === "refused") stuck.delete(code);
  clearTimeout(due.get(code));
  due.set(code, setTimeout(() => { due.delete(code); flush(); }, delay));
  items.mark(code, "Not saved yet", true);
  renewClash(code, row.values);
  await keep(row);
}

async function keep(row) {
  if (store.isShared()) return;
  try {
    await store.put("unsent", row);
  } catch {
    say("full", waiting.size);
  }
}

/** Sends everything that is due. Resolves true when nothing is left. */
export async function flush({ now = false } = {}) {
  if (now) {
    for (const timer of due.values()) clearTimeout(timer);
    due.clear();
  }
  while (sending) await sending;
  sending = run();
  await sending;
  sending = null;
  return waiting.size === 0;
}

const next = () => [...waiting.values()].find((row) => !due.has(row.item) && !stuck.has(row.item));

async function run() {
  if (ended) return;
  clearTimeout(retry);
  for (let row = next(); row; row = next()) {
    say("busy");
    const result = await send(row);
    if (!(await settle(row, result))) return;
  }
  rest();
}

/** What an answer means for its row; false stops the run. */
async function settle(row, result) {
  switch (result.kind) {
    case "saved": await saved(row, result.answer); return true;
    case "conflict": await conflict(row, result.current); return true;
    case "refused":
      stuck.set(row.item, "refused");
      items.problem(row.item, result.words);
      return true;
    case "closed": close(result.words); return false;
    case "signed-out": case "other-person":
      say(result.kind, waiting.size, { href: items.form.dataset.signIn, text: "Sign in in a new tab" });
      return false;
    default: return later(result.kind);
  }
}

function later(kind) {
  say(kind === "away" ? "away" : "silent", waiting.size);
  retry = setTimeout(flush, pause);
  pause = Math.min(pause * 2, LONGEST);
  return false;
}

async function saved(row, answer) {
  pause = SHORTEST;
  items.setVersion(row.item, answer.version);
  items.problem(row.item, "");
  const latest = waiting.get(row.item);
  if (latest.at === row.at) {
    waiting.delete(row.item);
    items.mark(row.item, `Saved ${clock(answer.saved_at)}`);
  } else latest.version = answer.version; // typed on meanwhile: that builds on what was just saved
  if (!store.isShared()) await onDevice(row, answer.version, latest);
  for (const listener of listeners) listener(answer);
}

async function onDevice(row, version, latest) {
  try {
    if (visit.hasCopy()) await store.put("kept", { ...row, version }); // the stored page does not know this save
    await store.removeUnchanged("unsent", row);
    if (latest.at !== row.at) await store.put("unsent", latest);
  } catch { /* a full or locked store: the server has the values */ }
}

async function conflict(row, current) {
  const mine = waiting.get(row.item);
  if (items.same(mine.values, current)) { // an answer got lost on the way, or the other window saved the same
    await saved(mine, { version: current.version, saved_at: current.saved_at });
    return;
  }
  stuck.set(row.item, "conflict");
  showClash(row.item, mine.values, current, async (choice) => {
    stuck.delete(row.item);
    items.setVersion(row.item, current.version);
    clearClash(row.item);
    if (choice === "theirs") {
      items.show(row.item, current);
      await saved(waiting.get(row.item), { version: current.version, saved_at: current.saved_at });
      rest();
    } else await change(row.item, 0);
  });
}

/** The server takes no more: finished, cancelled, or no longer this person's. What was typed stays to be read. */
function close(words) {
  ended = true;
  tell("trouble", `${words} Not sent: ${[...waiting.values()].map((row) => row.label).join("; ")}.`, {
    text: "Discard what was not sent",
    press: async () => {
      waiting.clear();
      if (!store.isShared()) await store.forgetReview(person, review);
      location.reload();
    },
  });
}

function rest() {
  const held = [...stuck.values()];
  const clashes = held.filter((why) => why === "conflict").length;
  if (clashes) say("conflict", clashes);
  else if (held.length) say("refused", held.length);
  else if (waiting.size === 0) say("saved");
}

/** Shows again what an earlier visit left on this device. */
export async function restore() {
  if (store.isShared()) return 0;
  const [kept, left] = await Promise.all([store.rows("kept", person, review), store.rows("unsent", person, review)]);
  for (const row of kept) {
    if (!document.getElementById(`item-${row.item}`) || row.version <= items.version(row.item)) continue;
    items.show(row.item, row.values); // the page was stored before this save
    items.setVersion(row.item, row.version);
  }
  for (const row of left) {
    if (!document.getElementById(`item-${row.item}`)) continue;
    waiting.set(row.item, row);
    items.show(row.item, row.values);
    items.mark(row.item, "Not saved yet", true);
  }
  return left.length;
}

/** Turns the device's storage off or on for this browser. */
export async function share(yes) {
  store.setShared(yes);
  if (yes) await store.forgetReview(person, review);
  else await Promise.all([...waiting.values()].map((row) => store.put("unsent", row)));
}

window.addEventListener("online", () => { pause = SHORTEST; flush({ now: true }); });
window.addEventListener("offline", () => { if (waiting.size) say("away", waiting.size); });
document.addEventListener("visibilitychange", () => { if (waiting.size) flush({ now: true }); });
window.addEventListener("beforeunload", (event) => { if (waiting.size) event.preventDefault(); });
