// The report editor: puts a text of the state at the end of the field it stands beside. Without scripts it is copied.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = document.getElementById(button.dataset.insert);
  const text = button.parentElement.querySelector(".bank__text").textContent;
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true })); // so that leaving the page asks, and characters are counted
  say(button.closest(".bank").querySelector(".bank__said"));
});

function say(place) {
  place.textContent = ""; // a second time is told again
  setTimeout(() => (place.textContent = "Inserted at the end of the field. Edit it there, then save."), 50);
}
