// Runs before the page is drawn: pages look the same without it, only longer on a phone.
document.documentElement.classList.add("has-js");
document.addEventListener("click", (event) => {
  const button = event.target.closest(".site-header__menu");
  if (!button) return;
  const fold = document.getElementById(button.getAttribute("aria-controls"));
  const open = fold.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
});
