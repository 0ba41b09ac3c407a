// The words in the bar on top: is everything saved, and if not, where is it and what happens next.
import { form } from "./items.js";
import { isShared } from "./store.js";

const place = document.getElementById("save-state");
const says = place.querySelector("[data-says]");
const act = place.querySelector("[data-act]");

const items = (count) => (count === 1 ? "1 item" : `${count} items`);
const are = (count) => (count === 1 ? "is" : "are");

export function clock(when = new Date()) {
  return new Date(when).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: form.dataset.zone });
}

const kept = (count) => (isShared()
  ? `${items(count)} ${are(count)} not saved yet. Keep this page open`
  : `${items(count)} ${are(count)} kept on this device`);

const WORDS = {
  saved: () => ["saved", `All changes saved ${clock()}`],
  busy: () => ["busy", "Saving …"],
  away: (count) => ["waiting", isShared()
    ? `No connection. ${kept(count)} until you are back online.`
    : `No connection. ${kept(count)} and will be sent when you are back online.`],
  silent: (count) => ["waiting", `The portal does not answer. ${kept(count)} and will be sent when it does.`],
  conflict: (count) => ["trouble", `${items(count)} ${count === 1 ? "was" : "were"} changed in another window. Choose which to keep.`],
  refused: (count) => ["trouble", `${items(count)} could not be saved. See the message at the item.`],
  "signed-out": (count) => ["trouble", `You are signed out. ${kept(count)}. Sign in in a new tab, then come back here.`],
  "other-person": (count) => ["trouble", `Somebody else is signed in now. ${kept(count)} and ${are(count)} sent when you sign in again.`],
  full: (count) => ["trouble", `This device can store nothing more. ${items(count)} ${are(count)} not saved yet; keep this page open.`],
};

let shown = "";
/** Says a state of WORDS; `choice` offers a link {href, text} or a button {text, press}. */
export function say(state, count = 0, choice = null) {
  const [kind, words] = WORDS[state](count);
  tell(kind, words, choice);
}
export function tell(kind, words, choice = null) {
  if (shown === words) return;
  shown = words;
  place.dataset.kind = kind;
  says.textContent = words;
  offer(choice);
}

function offer(choice) {
  act.hidden = !choice;
  act.replaceChildren();
  if (!choice) return;
  const element = act.appendChild(document.createElement(choice.href ? "a" : "button"));
  element.textContent = choice.text;
  if (choice.href) Object.assign(element, { href: choice.href, target: "_blank", rel: "noopener" });
  else {
    element.type = "button";
    element.addEventListener("click", choice.press);
  }
}
