// @ts-check
/**
 * Keeps the parts of a page that say how the chain stands as they would be if the page were opened now. The node writes them, as it wrote the page: so there is
 * one place that knows how a block or an amount is shown. Parts are marked data-live; what did not change in them stays where it is.
 */
import { listen } from "../ledger.js";
import { onWritten } from "../written.js";

/** Milliseconds between two looks at the page, at least. */
const SPACING = 2_000;

/** All readers hear of a block at once; they look at the page within so many milliseconds. */
const SPREAD = 200;

/** Seconds after which the page is looked at whatever was heard: what happened while the connection was away is not told later. */
const EVERY = Number(document.querySelector("[data-live-every]")?.getAttribute("data-live-every") ?? 30);

const said = document.querySelector("[data-live-said]");
let isDue = false;
let looked = 0;

function soon() {
  if (isDue || document.hidden) return;

  isDue = true;
  setTimeout(look, Math.max(SPACING + looked - Date.now(), Math.random() * SPREAD));
}

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (fault) {
    // The node is away: what is shown stays, and is looked at again.
    if (!(fault instanceof TypeError)) throw fault;
  } finally {
    looked = Date.now();
    isDue = false;
  }
}

/** @param {Document} next */
function show(next) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = next.querySelector(`[data-live="${part.getAttribute("data-live")}"]`);
    if (!other || part.isEqualNode(other)) continue;

    const focus = part.contains(document.activeElement) ? selectorOf(/** @type {Element} */ (document.activeElement)) : null;
    const known = new Map([...part.children].map((child) => [child.getAttribute("data-key"), child]));
    const came = [...other.children].map((child) => {
      const before = known.get(child.getAttribute("data-key"));
      if (before?.isEqualNode(child)) return before;

      const adopted = document.importNode(child, true);
      if (child.hasAttribute("data-key") && !before) adopted.classList.add("came");
      return adopted;
    });
    const [first] = came.filter((child) => child.classList.contains("came") && child.hasAttribute("data-name"));
    if (first && said) said.textContent = first.getAttribute("data-name");
    if (other.children.length === 0) part.textContent = other.textContent;
    else part.replaceChildren(...came);
    if (focus) /** @type {HTMLElement | null} */ (part.querySelector(focus))?.focus({ preventScroll: true });
  }

  document.dispatchEvent(new CustomEvent("secuticket:live"));
}

/** How what has the focus is found again. @param {Element} element @returns {string} */
function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;

  const name = ["href", "data-mine", "data-resolve"].find((one) => element.hasAttribute(one)) ?? "tabindex";
  return `[${name}="${CSS.escape(element.getAttribute(name) ?? "")}"]`;
}

listen({ block: soon, transaction: soon, reorganisation: soon }, soon);
document.addEventListener("visibilitychange", soon);
onWritten(soon);
setInterval(soon, EVERY * 1_000);
