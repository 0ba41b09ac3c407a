// Forms: warn before typed words are lost, count characters, send once.
const typed = new Set();

// Not form.method: a field of that name, such as the one of the report, would answer instead.
const isPost = (form) => form.getAttribute("method") === "post";

function isWatched(form) {
  return form && isPost(form) && !form.hasAttribute("data-unwatched") && !form.hasAttribute("data-sign-out");
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (isWatched(form)) typed.add(form);
  count(event.target);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of typed) if (form.isConnected) event.preventDefault();
});

function count(field) {
  const limit = Number(field.dataset?.limit);
  if (!limit) return;
  const words = document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
  if (!words) return;
  const left = limit - [...field.value].length;
  words.hidden = left > limit / 5;
  words.classList.toggle("is-over", left < 0);
  words.textContent = left < 0 ? `${(-left).toLocaleString("en-US")} characters too many` : `${left.toLocaleString("en-US")} characters left`;
}
document.querySelectorAll("[data-limit]").forEach(count);

// One click, one request. The button keeps its focus; a page that comes back from the browser's cache is whole again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  typed.delete(form);
  form.dataset.sent = "yes";
  setTimeout(restore, 10000); // an answer that is a download leaves the page standing
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  button.dataset.label = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
});
function restore() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-busy][aria-disabled]")) {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.label;
  }
}
window.addEventListener("pageshow", (event) => event.persisted && restore());
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) typed.delete(event.detail.elt.closest("form"));
  restore();
});
