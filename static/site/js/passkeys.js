// Passkeys: offered only where the browser knows them; a refusal or an abort is told in words.
const buttons = document.querySelectorAll("[data-passkey]");
for (const button of buttons) button.hidden = !window.PublicKeyCredential;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector("[data-passkey-problem]");
  if (!place) return;
  place.hidden = false;
  place.querySelector(".usa-alert__text").textContent =
    "The passkey was not used: the device or browser stopped it, or it took too long. Try again, or use another way.";
});
