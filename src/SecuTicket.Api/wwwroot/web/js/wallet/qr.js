// @ts-check
/**
 * QR codes (ISO/IEC 18004:2015) of texts, level M, versions 1 to 20. Drawn here and not by the server's QRCoder: at the door there may be no network, a gate's code is another one every few seconds,
 * and whoever has it goes in, so it leaves this browser on its screen only. A library would be a copy that nobody renews, as scripts here have no package manager.
 */
import { codewordsOf } from "./codewords.js";
import { bestMask, Grid } from "./modules.js";

/**
 * The modules of a code, true for dark, without its quiet zone of four.
 * @param {string} text
 * @param {number} [mask] 0 to 7; the one of least penalty where it is left out
 * @returns {boolean[][]} rows
 * @throws {RangeError} when the text is too long for version 20
 */
export function encode(text, mask) {
  const { version, codewords } = codewordsOf(text);
  const grid = new Grid(version);
  grid.place(codewords);
  return grid.masked(mask ?? bestMask(grid));
}

/**
 * A drawing of a code with its quiet zone, black on white whatever the page's colours: scanners expect that.
 * @param {string} text
 * @param {string} name for who can not see it
 * @returns {SVGElement}
 */
export function drawing(text, name) {
  const modules = encode(text);
  const size = modules.length + 8;
  const make = (/** @type {string} */ element, /** @type {Record<string, string>} */ attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", element);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const dark = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const svg = make("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": name, "shape-rendering": "crispEdges" });
  svg.append(make("path", { d: `M0 0h${size}v${size}h-${size}z`, fill: "#ffffff" }), make("path", { d: dark, fill: "#000000" }));
  return /** @type {SVGElement} */ (svg);
}
