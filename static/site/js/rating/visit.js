// Keeps the page on the device for a visit without a connection, at the reviewer's request only.
import { form } from "./items.js";
import { isShared } from "./store.js";
import { clock } from "./state.js";

const PREFIX = "ips-visit-";
const cacheName = `${PREFIX}${form.dataset.person}`;
const page = new URL(form.dataset.page, location.origin).href;
const device = document.getElementById("device");

let stored = false;
/** Whether a copy of this page lies on the device. */
export const hasCopy = () => stored;

export const isPossible = () => "serviceWorker" in navigator && "caches" in window;

export async function look() {
  stored = !isShared() && isPossible() && (await caches.has(cacheName)) && Boolean(await (await caches.open(cacheName)).match(page));
}

/** Everything this page was drawn with: style sheets, scripts and their modules, fonts, icons. */
function parts() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((link) => link.href);
  const icons = [...document.querySelectorAll("svg use")].map((use) => new URL(use.getAttribute("href"), location.href).href.split("#")[0]);
  const own = (address) => {
    const url = new URL(address);
    return url.origin === location.origin && (url.pathname.startsWith("/static/") || url.pathname.endsWith("/theme.css"));
  };
  return [...new Set([...loaded, ...named, ...icons])].filter(own);
}

async function storePage(cache) {
  const response = await fetch(page, { redirect: "manual", cache: "no-store" });
  if (!response.ok) throw new Error(`the page answered ${response.status}`);
  const text = await response.clone().text();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("sheet");
  if (fresh?.dataset.person !== form.dataset.person) throw new Error("somebody else is signed in");
  await cache.put(page, response);
}

async function storeParts(cache) {
  for (const address of [...parts(), "/offline/"]) {
    const response = await fetch(address);
    if (response.ok) await cache.put(address, response);
  }
}

export async function prepare() {
  await navigator.serviceWorker.register("/sw.js", { scope: new URL(page).pathname });
  await navigator.serviceWorker.ready;
  const cache = await caches.open(cacheName);
  await storeParts(cache);
  await storePage(cache);
  stored = true;
  await navigator.storage?.persist?.().catch(() => false);
}

/** Removes this person's stored pages and the worker that serves them. */
export async function forget() {
  stored = false;
  if (!isPossible()) return;
  await caches.delete(cacheName);
  await (await navigator.serviceWorker.getRegistration(page))?.unregister();
}

function words(text, isStored = false) {
  const place = device.querySelector("#prepare-words");
  place.textContent = text;
  place.classList.toggle("is-stored", isStored);
}

async function press(button) {
  button.setAttribute("aria-disabled", "true");
  words("Storing …");
  try {
    await prepare();
    words(`✓ Stored on this device at ${clock()}. You can rate here without a connection.`, true);
  } catch {
    words("This page could not be stored: no connection, or no room on this device. Try again before you leave.");
  }
  button.removeAttribute("aria-disabled");
}

export function start() {
  if (!device) return;
  device.hidden = false;
  const button = device.querySelector("[data-prepare]");
  button.hidden = !isPossible() || isShared();
  words(button.hidden && !isShared() ? "" : "Keeps this page on this device, so that you can rate where there is no connection.");
  if (isShared()) words("Nothing is kept on this computer. Without a connection, keep this page open until everything is saved.");
  button.onclick = () => { if (!button.hasAttribute("aria-disabled")) press(button); };
  if (button.hidden || !stored) return;
  words("✓ Stored on this device. You can rate here without a connection.", true);
  if (navigator.onLine) prepare().catch(() => {}); // a fresh copy; the old one stays when this fails
}
