// Shows what the choices made so far ask for: data-when="role: SU ES" stands on inputs that only these values need,
// data-within="agency: 3 7" on options of these values. Hidden inputs are not sent. Without scripts all is shown.
const forms = new Set();

function chosen(form, name) {
  return new FormData(form).get(name) ?? "";
}

function fits(form, rule) {
  const [name, values] = rule.split(": ");
  const value = chosen(form, name);
  return { asked: value !== "", met: values.split(" ").includes(value) };
}

function show(element, inputs, isShown) {
  element.hidden = !isShown;
  for (const input of inputs) input.disabled = !isShown;
}

function fit(form) {
  for (const input of form.querySelectorAll("[data-when]")) {
    const group = input.closest(".usa-form-group");
    const isWrong = group.classList.contains("usa-form-group--error"); // its message must be read
    show(group, [input], isWrong || fits(form, input.dataset.when).met);
  }
  for (const input of form.querySelectorAll("[data-within]")) {
    if (input.closest(".usa-form-group").hidden) continue;
    const { asked, met } = fits(form, input.dataset.within);
    show(input.closest(".usa-checkbox"), [input], !asked || met || input.checked);
  }
}

for (const input of document.querySelectorAll("[data-when], [data-within]")) forms.add(input.form);
for (const form of forms) {
  form.addEventListener("change", () => fit(form));
  fit(form);
}
window.addEventListener("pageshow", () => forms.forEach(fit));
