// Looks at the page as it stands and returns its faults as sentences. Run in the page by checks.py; loads nothing.
() => {
  const faults = [];
  const root = document.documentElement;
  const words = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const path = (element) => {
    const name = element.id ? `#${element.id}` : [...element.classList].slice(0, 2).map((one) => `.${one}`).join("");
    return `${element.localName}${name} “${words(element.getAttribute("aria-label") || element.textContent || element.name || "")}”`;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;

  // --- the page as a whole
  if (!root.lang) faults.push("the page does not say its language");
  if (!document.title.trim()) faults.push("the page has no title");
  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length !== 1) faults.push(`the page has ${headings.length} headings of the first level`);
  if (headings.some((one) => !words(one.textContent))) faults.push("the first heading is empty");

  // --- reflow (WCAG 2.2, 1.4.10): the page itself never scrolls sideways
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((one) => {
      if (one.getBoundingClientRect().right <= root.clientWidth + 1 || !shown(one)) return false;
      for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
        if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return false;
      }
      return true;
    });
    faults.push(`scrolls sideways, ${root.scrollWidth} px on ${root.clientWidth} px: ${wide.slice(0, 3).map(path).join(", ")}`);
  }

  // --- nothing to press without a name
  for (const element of document.querySelectorAll("a[href], button, summary, [role=button]")) {
    const labelled = (element.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent || "").join("");
    const named = element.textContent + (element.getAttribute("aria-label") || "") + labelled + (element.querySelector("img[alt], [aria-label]")?.getAttribute("alt") || element.querySelector("[aria-label]")?.getAttribute("aria-label") || "");
    if (shown(element) && !named.trim()) faults.push(`has no words: ${path(element)} ${element.getAttribute("href") || ""}`);
  }

  // --- focus (2.4.7, 2.4.11): what Tab reaches shows it and is not wholly covered
  const pieces = (element) => [element, ...(element.labels || [])];
  const style = (element, pseudo) => {
    const one = getComputedStyle(element, pseudo);
    const outlined = one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 1;
    return [outlined ? `${one.outlineStyle} ${one.outlineWidth} ${one.outlineColor}` : "", one.boxShadow, one.backgroundColor, one.borderColor, one.borderWidth, one.textDecorationLine].join("|");
  };
  const looks = (element) => pieces(element).flatMap((one) => [style(one), style(one, "::before"), style(one, "::after")]).join("#");
  const covered = (element) => { // by what, or nothing when any point of it can be seen
    let top = null;
    for (const piece of pieces(element)) {
      for (const box of piece.getClientRects()) { // of a tall one the part that lies in the window
        const left = Math.max(box.left, 0), wide = Math.min(box.right, innerWidth) - left;
        const above = Math.max(box.top, 0), high = Math.min(box.bottom, innerHeight) - above;
        if (wide < 2 || high < 2) continue;
        for (const [across, down] of [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8], [0.5, 0.05], [0.5, 0.95]]) {
          const hit = document.elementFromPoint(left + wide * across, above + high * down);
          if (hit && (piece.contains(hit) || hit.contains(piece) && hit.localName !== "html" && hit.localName !== "body" && hit.localName !== "main")) return null;
          top ??= hit;
        }
      }
    }
    return top ?? root;
  };
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  const stops = [...document.querySelectorAll(kinds)].filter((one) => shown(one) && !one.disabled && one.tabIndex >= 0);
  document.activeElement?.blur();
  const plain = new Map(stops.map((one) => [one, looks(one)]));
  for (const element of stops) {
    element.focus();
    if (document.activeElement !== element) continue;
    if (plain.get(element) === looks(element)) faults.push(`does not show the focus: ${path(element)}`);
    const over = covered(element);
    if (over) faults.push(`has the focus and is covered: ${path(element)}, by ${path(over)}`);
  }
  document.activeElement?.blur();
  scrollTo(0, 0);

  // --- targets (2.5.8): 24 px, or as far from others as if they were, or words in a sentence
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")].filter(shown);
  const union = (boxes) => {
    const seen = boxes.filter((box) => box.width > 1 && box.height > 1 && box.right > 0);
    const left = Math.min(...seen.map((box) => box.left)), top = Math.min(...seen.map((box) => box.top));
    return { left, top, width: Math.max(...seen.map((box) => box.right)) - left, height: Math.max(...seen.map((box) => box.bottom)) - top };
  };
  const inSentence = (element) => {
    if (!getComputedStyle(element).display.startsWith("inline")) return false;
    const block = element.closest("p, li, dd, td, th, div, span.usa-error-message, label, legend, figcaption");
    const links = [...(block?.querySelectorAll("a, button") ?? [])].map((one) => one.textContent.length).reduce((sum, one) => sum + one, 0);
    return block !== null && block.textContent.trim().length > links + 2;
  };
  const targets = controls.map((element) => ({ element, box: union(pieces(element).flatMap((one) => [...one.getClientRects()])) })).filter(({ box }) => Number.isFinite(box.left));
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  const small = (box) => box.width < 23.9 || box.height < 23.9;
  const near = (one, other) => {
    const [x, y] = middle(one.box);
    if (small(other.box)) {
      const [a, b] = middle(other.box);
      return Math.hypot(x - a, y - b) < 24;
    }
    const right = other.box.left + other.box.width, bottom = other.box.top + other.box.height;
    return Math.hypot(Math.max(other.box.left - x, 0, x - right), Math.max(other.box.top - y, 0, y - bottom)) < 12;
  };
  for (const one of targets) {
    if (!small(one.box) || inSentence(one.element)) continue;
    const other = targets.find((each) => each !== one && !one.element.contains(each.element) && !each.element.contains(one.element) && near(one, each));
    if (other) faults.push(`is ${Math.round(one.box.width)} by ${Math.round(one.box.height)} px and close to ${path(other.element)}: ${path(one.element)}`);
  }
  return faults;
}
