// The entry of a quarter: each figure is saved as soon as its field is left, and the checks answer beside it. Without
// this script the page is an ordinary form that saves everything at once.
const form = document.querySelector("[data-figures]");
const state = document.getElementById("save-state");
const LONGEST_PAUSE = 60_000;
const FIRST_PAUSE = 2_000;
const waiting = new Set(); // pieces of the form that the server does not have yet
let sending = false;
let pause = FIRST_PAUSE;
let timer;

const pieceOf = (element) => element.closest("[data-measure]") ?? element.closest("[data-words]");
const fieldsOf = (piece) => (piece.matches("[data-words]") ? [piece] : [...piece.querySelectorAll("input[name]")]);

function changed(piece) {
  waiting.add(piece);
  clearTimeout(timer);
  timer = setTimeout(send, 0);
}

async function send() {
  if (sending || !waiting.size) return;
  sending = true;
  const [piece] = waiting;
  waiting.delete(piece);
  say("Saving …");
  const went = await post(piece);
  sending = false;
  if (went) {
    pause = FIRST_PAUSE;
    if (waiting.size) send();
  } else {
    waiting.add(piece);
    say(`Not saved: no connection. ${count()} kept on this page and sent again by itself.`);
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

const count = () => (waiting.size === 1 ? "1 figure is" : `${waiting.size} figures are`);

/** Sends one piece. Answers whether the server has said anything about it; a refusal is an answer too. */
async function post(piece) {
  const body = new URLSearchParams();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const field of fieldsOf(piece)) {
    if (field.type !== "checkbox" || field.checked) body.set(field.name, field.value);
  }
  try {
    const response = await fetch(form.dataset.save, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (response.redirected || response.headers.has("HX-Redirect") || response.status === 403) {
      say("Your session ended. Sign in in a new tab, then change any field here; your entries are still on this page.");
      waiting.add(piece);
      return true;
    }
    if (response.status >= 500) return false;
    show(new DOMParser().parseFromString(await response.text(), "text/html"), piece);
    return true;
  } catch {
    return false;
  }
}

/** Puts the pieces of the answer in the place of their namesakes. */
function show(answer, piece) {
  for (const fresh of answer.querySelectorAll("[id^='told-'], #entry-bar, #rates")) {
    document.getElementById(fresh.id)?.replaceWith(fresh);
  }
  for (const kept of answer.querySelectorAll("input[type=hidden][name^='was']")) {
    if (form.elements[kept.name]) form.elements[kept.name].value = kept.value;
  }
  say(answer.getElementById("save-state")?.textContent ?? "Not saved. Load the page again.");
  const told = piece.querySelector(".measure__told .usa-error-message");
  piece.classList.toggle("measure--wrong", Boolean(told));
  const input = piece.querySelector(".measure__input");
  if (!input) return;
  input.classList.toggle("usa-input--error", Boolean(told));
  if (told) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

/** A column copied from a spreadsheet goes into this field and those below it. */
function pasted(event) {
  const lines = event.clipboardData?.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n") ?? [];
  if (!event.target.matches(".measure__input") || lines.length < 2) return;
  event.preventDefault();
  const inputs = [...form.querySelectorAll(".measure__input")];
  const first = inputs.indexOf(event.target);
  const fits = lines.slice(0, inputs.length - first);
  fits.forEach((line, place) => {
    inputs[first + place].value = line.split("\t").at(-1).trim();
    changed(pieceOf(inputs[first + place]));
  });
  say(`${fits.length} figures pasted, from top to bottom. Check that each stands where it belongs.`);
}

function showWhy(piece) {
  const absent = piece.querySelector(".measure__absent input");
  piece.querySelector(".measure__why").hidden = !absent.checked;
  piece.querySelector(".measure__input").disabled = absent.checked;
}

if (form) {
  form.addEventListener("change", (event) => {
    const piece = pieceOf(event.target);
    if (!piece) return;
    if (event.target.type === "checkbox") {
      showWhy(piece);
      if (event.target.checked && !piece.querySelector(".measure__why input").value) {
        piece.querySelector(".measure__why input").focus();
        return; // it is saved with its reason
      }
    }
    changed(piece);
  });
  form.addEventListener("paste", pasted);
  form.addEventListener("click", (event) => {
    if (!event.target.matches("[data-same]")) return;
    const piece = pieceOf(event.target);
    piece.querySelector(".measure__input").value = event.target.dataset.same;
    changed(piece);
  });
  form.addEventListener("submit", () => waiting.clear());
  for (const piece of form.querySelectorAll("[data-measure]")) showWhy(piece);
  for (const button of form.querySelectorAll("[data-same]")) button.hidden = false;
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (waiting.size || sending) event.preventDefault();
  });
  document.querySelector("[data-check]")?.addEventListener("click", (event) => {
    if (!waiting.size && !sending) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=check]"));
  });
}
