// On every page of a signed-in person: says when ratings wait on this device, asks before a sign-out would erase them,
// and removes pages that another person stored here.
import { countUnsent } from "./rating/store.js";

const person = document.body.dataset.person;
const words = (count) => (count === 1 ? "1 rating is" : `${count} ratings are`);

function notice(count) {
  const place = document.getElementById("messages");
  if (!place || document.getElementById("sheet")) return; // the rating page says it in its bar
  const alert = place.appendChild(document.createElement("div"));
  alert.className = "usa-alert usa-alert--warning usa-alert--slim";
  const body = alert.appendChild(document.createElement("div"));
  body.className = "usa-alert__body";
  const text = body.appendChild(document.createElement("p"));
  text.className = "usa-alert__text";
  text.textContent = `${words(count)} kept on this device and not sent yet. Open the rating page while you are online.`;
}

async function dropOthers() {
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith("ips-visit-") && name !== `ips-visit-${person}`);
  await Promise.all(names.map((name) => caches.delete(name)));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || form.dataset.asked) return;
  event.preventDefault();
  event.stopPropagation();
  countUnsent(person).catch(() => []).then((left) => {
    if (left.length && !window.confirm(`${words(left.length)} only on this device and will be erased: ${left.map((row) => row.label).join("; ")}. Sign out all the same?`)) return;
    form.dataset.asked = "yes";
    form.requestSubmit();
  });
}, true);

if (person) {
  dropOthers();
  countUnsent(person).then((left) => { if (left.length) notice(left.length); }).catch(() => {});
}
