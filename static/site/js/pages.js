// What every page does: show what needs mending first, close menus, let a swapped-in piece speak.
function focusFirst(root) {
  const target = root.querySelector("[data-focus]");
  if (target) target.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-closes]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-closes][open]");
  if (!menu) return;
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus();
});
document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.detail.elt));

// The server may be away, or the session over: say so instead of doing nothing.
function tell(words) {
  const place = document.getElementById("messages");
  const alert = document.createElement("div");
  alert.className = "usa-alert usa-alert--error usa-alert--slim";
  const body = alert.appendChild(document.createElement("div"));
  body.className = "usa-alert__body";
  const text = body.appendChild(document.createElement("p"));
  text.className = "usa-alert__text";
  text.textContent = words;
  place.replaceChildren(alert);
  place.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:sendError", () => tell("No connection. Nothing was saved; what you typed is still here. Try again in a moment."));
document.addEventListener("htmx:responseError", (event) => {
  const gone = event.detail.xhr.status === 401 || event.detail.xhr.status === 403;
  tell(gone ? "You are signed out or may not do this. Open the page again in a new tab before you leave this one."
    : "Something went wrong on our side. Nothing was saved; what you typed is still here. Try again in a moment.");
});

focusFirst(document);
