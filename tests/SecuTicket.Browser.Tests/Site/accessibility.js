// What a machine can check of WCAG 2.2 AA, on the page as it is. Evaluated by SitePage; check() answers the findings, none when all is well.

const visible = (element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.visibility !== "hidden" && style.display !== "none" && box.width > 0 && box.height > 0 && element.checkVisibility() && !element.closest("[hidden], [inert]");
};

const say = (element) => `<${element.tagName.toLowerCase()}${element.id ? ` id=${element.id}` : ""} class="${element.getAttribute("class") ?? ""}"> ${(element.textContent ?? "").trim().slice(0, 40)}`;

/** The name that assistive technology would say, as far as HTML and ARIA give it (accname-1.2, without CSS content). */
const nameOf = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const label = element.getAttribute("aria-label");
  if (label) return label.trim();
  if (element.labels?.length) return [...element.labels].map((one) => one.textContent).join(" ").trim();
  const images = [...element.querySelectorAll("img[alt], svg[aria-label], svg > title")].map((one) => one.getAttribute("alt") ?? one.getAttribute("aria-label") ?? one.textContent).join(" ");
  const title = element.tagName === "svg" || element.closest("svg") ? element.querySelector(":scope > title")?.textContent ?? "" : "";
  return `${element.textContent ?? ""} ${images} ${title} ${element.getAttribute("title") ?? ""} ${element.getAttribute("alt") ?? ""}`.trim();
};

const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

const colours = new Map();

/** Red, green, blue of 0 to 255 and alpha of 0 to 1, of any CSS colour. */
const colour = (text) => {
  if (!colours.has(text)) colours.set(text, drawn(text));
  return colours.get(text);
};

const drawn = (text) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
};

const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];

const groundOf = (element) => {
  const layers = [];
  for (let one = element; one; one = one.parentElement) {
    const ground = colour(getComputedStyle(one).backgroundColor);
    if (ground[3] > 0) layers.push(ground);
    if (ground[3] === 1) break;
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1]);
};

/** Relative luminance and contrast: WCAG 2.2, definitions. */
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

async function check() {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);

  if (!document.documentElement.lang) found.push("the page names no language");
  if (!document.title.trim()) found.push("the page has no title");
  if (all("main").length !== 1) found.push("there is not exactly one main");
  if (all("h1").length !== 1) found.push(`there are ${all("h1").length} h1`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) found.push(`a heading of level ${own} follows one of ${level}: ${say(heading)}`);
    level = own;
  }

  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) found.push(`the id ${id} is there more than once`);
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
    for (const element of document.querySelectorAll(`[${attribute}]`))
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean))
        if (!document.getElementById(id)) found.push(`${attribute}=${id} leads nowhere: ${say(element)}`);

  for (const element of all("a[href], button, summary, input:not([type=hidden]), select, textarea, [role=button], [role=tab], [role=option], [role=checkbox], [tabindex='0']"))
    if (!nameOf(element)) found.push(`has no name: ${say(element)}`);
  // 2.5.3: who speaks to the page says the words that are written. Signs, such as an arrow, are not spoken.
  for (const element of all("a[aria-label], button[aria-label], summary[aria-label]")) {
    const name = element.getAttribute("aria-label").toLowerCase();
    if (element.innerText.toLowerCase().split(/\s+/).some((word) => /[\p{L}\p{N}]/u.test(word) && !name.includes(word))) found.push(`its name is not what is written on it: ${say(element)}`);
  }

  // WAI-ARIA 1.2, 5.2.8.6: what is only text takes no name, and many readers do not say one.
  for (const element of document.querySelectorAll(":is(b, caption, code, del, div, em, i, ins, p, pre, q, s, small, span, strong, sub, sup, u):is([aria-label], [aria-labelledby]):not([role])"))
    found.push(`what may have no name has one: ${say(element)}`);

  // Places that can be gone to have each a name of its own.
  const places = all("nav, :is(section, form, aside):is([aria-label], [aria-labelledby]), [role=region], [role=navigation]").map((one) => `${one.getAttribute("role") ?? { SECTION: "region", NAV: "navigation" }[one.tagName] ?? one.tagName} ${one.hasAttribute("aria-label") || one.hasAttribute("aria-labelledby") ? nameOf(one) : ""}`);
  for (const place of new Set(places.filter((one, index) => places.indexOf(one) !== index))) found.push(`two places are called alike: ${place}`);
  for (const image of document.querySelectorAll("img:not([alt])")) found.push(`an image has no alt: ${image.src}`);
  for (const image of all("svg"))
    if (!image.closest("[aria-hidden=true], a, button") && image.getAttribute("aria-hidden") !== "true" && !nameOf(image)) found.push(`a drawing has no name and is not hidden: ${say(image)}`);
  for (const element of all("[tabindex]")) if (Number(element.getAttribute("tabindex")) > 0) found.push(`tabindex above 0: ${say(element)}`);

  // 2.5.8: 24 by 24, but for links within a sentence.
  for (const element of all("button, input:not([type=hidden]), select, [role=button], nav a")) {
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (box.width < 24 || box.height < 24) found.push(`smaller than 24 px (${box.width.toFixed(0)} × ${box.height.toFixed(0)}): ${say(element)}`);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(element) || !visible(element) || element.closest("script, style, noscript, option, .unseen, .skip, svg, [aria-disabled=true], :disabled")) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const ratio = contrast(over(colour(style.color), ground), ground);
    const size = Number.parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < needed - 0.01) found.push(`contrast ${ratio.toFixed(2)} of ${needed}: ${say(element)}`);
  }

  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 1) found.push(`the page is ${wide} px wider than its window`);
  return found;
}
