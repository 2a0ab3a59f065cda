// @ts-check
/**
 * Shows in the fields of the page what the examples stand for, so that what is seen is what is sent. What somebody typed is left alone.
 *
 * @typedef {import("./sign.js").SigningPage} SigningPage
 */

/** What was last put into each field. @type {Map<string, string>} */
const filled = new Map();

/**
 * @param {any} ui Swagger UI
 * @param {SigningPage} page
 */
export function fillExamples(ui, page) {
  const document = ui.specSelectors.specJson().toJS();
  const fill = (/** @type {unknown} */ example) => {
    let text = withoutFilledIn(example, document);
    const values = page.memory.values(page.signer);
    for (const [kind, stand] of Object.entries(document["x-examples"] ?? {})) text = text.replaceAll(String(stand), () => values[kind] ?? String(stand));
    return text;
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const place = [path, method];
      const body = Object.values(operation.requestBody?.content ?? {})[0];
      if (body?.example !== undefined) fillBody(ui, place, body.example, fill);
      for (const parameter of operation.parameters ?? []) {
        if (parameter.example !== undefined) fillParameter(ui, place, parameter, fill);
      }
    }
  }
}

/**
 * An example as it is shown: without the fields that signing fills in.
 * @param {unknown} example
 * @param {any} document
 */
function withoutFilledIn(example, document) {
  const isFilledIn = (/** @type {string} */ field) => document["x-filled-in"]?.includes(field);
  const strip = (/** @type {object} */ value) => Object.fromEntries(Object.entries(value).filter(([field]) => !isFilledIn(field)));
  if (typeof example !== "string") return JSON.stringify(strip(/** @type {object} */ (example)), null, 2);
  const lines = example.split("\n").map((line) => (line.startsWith("{") ? JSON.stringify(strip(JSON.parse(line))) : line));
  return lines.join("\n");
}

/**
 * @param {any} ui
 * @param {string[]} place path and method
 * @param {unknown} example
 * @param {(example: unknown) => string} fill
 */
function fillBody(ui, place, example, fill) {
  const raw = typeof example === "string" ? example : JSON.stringify(example, null, 2);
  const text = fill(example);
  if (!isOurs(place.join(" "), ui.oas3Selectors.requestBodyValue(...place), raw, text)) return;
  ui.oas3Actions.setRequestBodyValue({ value: text, pathMethod: place });

  // Else Swagger UI puts the document's example back when the operation is opened.
  ui.oas3Actions.setRetainRequestBodyValueFlag({ value: true, pathMethod: place });
}

/**
 * @param {any} ui
 * @param {string[]} place path and method
 * @param {{ name: string, in: string, example?: unknown }} parameter
 * @param {(example: unknown) => string} fill
 */
function fillParameter(ui, place, parameter, fill) {
  const operation = ui.specSelectors.specResolvedSubtree(["paths", ...place]) ?? ui.specSelectors.specJson().getIn(["paths", ...place]);
  const known = operation.get("parameters").find((/** @type {any} */ one) => one.get("name") === parameter.name && one.get("in") === parameter.in);
  const value = ui.specSelectors.parameterWithMetaByIdentity(place, known)?.get("value");
  const text = fill(parameter.example);
  if (isOurs(`${place.join(" ")} ${parameter.name}`, value, String(parameter.example), text)) ui.specActions.changeParamByIdentity(place, known, text, false);
}

/**
 * Whether a field holds nothing that somebody typed, and should hold something else.
 * @param {string} key
 * @param {unknown} current
 * @param {string} raw the example as the document has it
 * @param {string} text what should be there
 */
function isOurs(key, current, raw, text) {
  const isUntouched = current === undefined || current === null || current === raw || current === filled.get(key);
  if (!isUntouched) return false;
  filled.set(key, text);
  return current !== text;
}
