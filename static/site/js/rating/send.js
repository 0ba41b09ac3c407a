// Sends one row and says what became of it. Nothing here touches the page but the form's token.
import { form } from "./items.js";

const PATIENCE = 15000;
const token = () => form.elements.csrfmiddlewaretoken;

/**
 * Resolves with {kind: "saved", answer} | {kind: "conflict", current} | {kind: "refused", words, field}
 * | {kind: "closed", words} | {kind: "away"} | {kind: "busy"} | {kind: "signed-out"} | {kind: "other-person"}.
 */
export async function send(row) {
  const first = await post(row);
  if (first.kind !== "barred") return first;
  const renewed = await renewToken(); // signed in again meanwhile: the token of this page is an old one
  if (renewed !== "renewed") return { kind: renewed };
  const second = await post(row);
  return second.kind === "barred" ? { kind: "closed", words: second.words } : second;
}

async function post(row) {
  let response;
  try {
    response = await fetch(form.dataset.save.replace("ITEM", encodeURIComponent(row.item)), {
      method: "PUT",
      body: JSON.stringify({ ...row.values, version: row.version }),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token().value },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { kind: "away" };
  }
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed-out" };
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer.version ? { kind: "saved", answer } : { kind: "busy" };
  const words = answer.error ?? "";
  switch (response.status) {
    case 403: return { kind: "barred", words: words || "You may not change this sheet any more." };
    case 404: return { kind: "closed", words: "You can no longer rate this review." };
    case 409: return answer.current ? { kind: "conflict", current: answer.current } : { kind: "closed", words };
    case 400: case 413: case 422: return { kind: "refused", words: words || "This item could not be saved.", field: answer.field };
    default: return { kind: "busy" };
  }
}

async function renewToken() {
  let response;
  try {
    response = await fetch(form.dataset.page, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return "away";
  }
  if (response.type === "opaqueredirect") return "signed-out";
  if (response.status === 404) return "other-person"; // signed in, but not as a reviewer of this review
  if (!response.ok) return "busy";
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("sheet");
  if (fresh?.dataset.person !== form.dataset.person) return "other-person";
  token().value = fresh.elements.csrfmiddlewaretoken.value;
  return "renewed";
}
