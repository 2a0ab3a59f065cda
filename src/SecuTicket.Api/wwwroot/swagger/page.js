// @ts-check
/**
 * What the page shows beside Swagger UI: a bar that says who signs and what the examples stand for, an Authorize dialog in this API's own
 * words, and examples filled in with what was seen. Signing needs none of it: see sign.js.
 *
 * @typedef {import("./sign.js").SigningPage} SigningPage
 * @typedef {import("./memory.js").MadeAccount} MadeAccount
 */
import { fillExamples } from "./examples.js";

/** The security scheme of the document that signs. */
const SCHEME = "account";

/** What the bar tells of what was seen, by what it is. */
const SHOWN = { event_id: "event", ticket_id: "ticket" };

/** Characters of an id that tell it apart. */
const SHORT = 8;

/** @type {SigningPage} */
const page = /** @type {any} */ (globalThis).SecuTicketPage;

/**
 * Swagger UI's plugin: the dialog asks for an account and its secret, not for a user name and a password, and texts are drawn once.
 * @param {any} system
 */
function dialog(system) {
  const h = system.React.createElement;

  /** @param {any} props */
  function AccountFields({ name, schema, authorized, onChange }) {
    const [value, setValue] = system.React.useState({ username: "", password: "" });
    const first = system.React.useRef(null);
    system.React.useEffect(() => first.current?.focus(), []);
    const signer = authorized?.getIn([name, "value", "username"]);
    if (signer) return h("div", null, h("h4", null, `Signing as ${page.memory.nameOf(signer)}`), h("code", null, signer), h("p", null, "Log out to sign as somebody else."));

    const change = (/** @type {{ username: string, password: string }} */ next) => {
      setValue(next);
      onChange({ name, schema, value: next });
    };
    const field = (/** @type {string} */ label, /** @type {"username" | "password"} */ key, /** @type {object} */ more) =>
      h("label", { className: "account-field" }, label, h("input", { value: value[key], spellCheck: false, onChange: (/** @type {any} */ event) => change({ ...value, [key]: event.target.value.trim() }), ...more }));
    const pick = (/** @type {MadeAccount} */ account) =>
      h("button", { key: account.address, type: "button", className: "btn", onClick: () => change({ username: account.address, password: account.secret }) }, account.name);
    return h("div", null,
      h("h4", null, "Sign as an account of this node"),
      h("p", null, "Both were answered by POST /accounts. The secret is used inside this page to sign what you send, and is itself never sent."),
      page.memory.accounts.length > 0 ? h("div", { className: "account-picks" }, "Fill in: ", page.memory.accounts.map(pick)) : null,
      field("Account", "username", { type: "text", name: "username", placeholder: "0x and 40 hex digits", ref: first }),
      field("Secret", "password", { type: "password", name: "password", placeholder: "64 hex digits", autoComplete: "off" }));
  }

  const wrap = (/** @type {any} */ original) => (/** @type {any} */ props) => h(props.name === SCHEME ? AccountFields : original, props);

  // Swagger UI makes, cleans and draws all texts of the document again at whatever changes on the page; they never do.
  const once = (/** @type {any} */ original) => system.React.memo(original);
  return { wrapComponents: { HttpAuth: wrap, Markdown: once } };
}

/** The bar on top. */
class Bar {
  #element = document.createElement("aside");

  /** @param {any} ui Swagger UI */
  constructor(ui) {
    this.ui = ui;
    this.#element.id = "secuticket-bar";
    this.#element.ariaLabel = "Who signs, and what the examples stand for";
    document.body.prepend(this.#element);
  }

  draw() {
    const accounts = page.memory.accounts;
    const isStranger = page.signer !== null && !accounts.some((account) => isSame(account.address, page.signer));
    const signers = [
      ...accounts.map((account) => this.#signer(account.name, account.address, () => this.#signAs(account))),
      ...(isStranger ? [this.#signer(page.memory.nameOf(/** @type {string} */ (page.signer)), /** @type {string} */ (page.signer), () => {})] : []),
      this.#signer("nobody", null, () => this.ui.authActions.logout([SCHEME])),
    ];
    const hint = accounts.length === 0 ? [text("span", "Accounts made here with POST /accounts appear in this bar.", "hint")] : [];
    this.#element.replaceChildren(text("strong", "SecuTicket"), text("span", "Sign as"), ...signers, ...hint, this.#seen());
  }

  /**
   * @param {string} name
   * @param {string | null} address
   * @param {() => void} choose
   */
  #signer(name, address, choose) {
    const button = /** @type {HTMLButtonElement} */ (text("button", name));
    button.type = "button";
    button.title = address ?? "Send what is pressed unsigned";
    button.ariaPressed = String(address === null ? page.signer === null : isSame(address, page.signer));
    button.addEventListener("click", choose);
    return button;
  }

  /** @param {MadeAccount} account */
  #signAs(account) {
    const schema = this.ui.specSelectors.securityDefinitions().get(SCHEME);
    this.ui.authActions.authorize({ [SCHEME]: { name: SCHEME, schema, value: { username: account.address, password: account.secret } } });
  }

  #seen() {
    const list = text("span", "", "seen");
    for (const [kind, name] of Object.entries(SHOWN)) {
      const value = page.memory.seen[kind];
      const item = text("span", value === undefined ? `no ${name} yet` : `${name} `);
      if (value !== undefined) {
        item.title = value;
        item.append(text("code", value.slice(0, SHORT)));
      }
      list.append(item);
    }
    list.append(page.memory.qrCode === null ? text("span", "no gate code yet") : qrCode(page.memory.qrCode));
    return list;
  }
}

/**
 * The gate code as its holder would show it: small, and large when pressed.
 * @param {string} svg
 */
function qrCode(svg) {
  const image = document.createElement("img");
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  image.alt = "The gate code as a QR code";
  const button = text("button", "gate code ", "qr");
  button.title = "Show it as a gate would scan it";
  button.append(image);
  button.addEventListener("click", () => image.classList.toggle("large"));
  return button;
}

/** Opens the operation that a name like "POST /tickets" in the introduction means. @param {MouseEvent} event */
function openNamed(event) {
  const name = /** @type {Element} */ (event.target).closest(".information-container code")?.textContent ?? "";
  const [, method, path] = /^(GET|POST|PUT|DELETE) (\/\S*)$/.exec(name) ?? [];
  if (path === undefined) return;
  const block = document.querySelector(`.opblock-${method.toLowerCase()}:has([data-path="${path}"])`);
  if (block === null) return;
  if (!block.classList.contains("is-open")) /** @type {HTMLElement | null} */ (block.querySelector(".opblock-summary-control"))?.click();
  block.scrollIntoView({ behavior: "smooth" });
}

/**
 * @param {string} tag
 * @param {string} content
 * @param {string} className
 */
function text(tag, content, className = "") {
  const element = document.createElement(tag);
  element.textContent = content;
  element.className = className;
  return element;
}

/**
 * @param {string} address
 * @param {string | null} other
 */
function isSame(address, other) {
  return address.toLowerCase() === other?.toLowerCase();
}

function start() {
  const ui = /** @type {any} */ (globalThis).ui;
  const bar = new Bar(ui);
  let isLoaded = false;
  const show = () => {
    bar.draw();
    if (isLoaded) fillExamples(ui, page);
  };
  ui.getStore().subscribe(() => {
    const signer = ui.authSelectors.authorized()?.getIn([SCHEME, "value", "username"]) ?? null;
    const isLoadedNow = ui.specSelectors.specJson().has("paths");
    if (signer === page.signer && isLoadedNow === isLoaded) return;
    page.signer = signer;
    isLoaded = isLoadedNow;
    show();
  });
  page.onLearned(show);
  document.addEventListener("click", openNamed);
  show();
}

/** @type {any} */ (globalThis).SecuTicketDialog = dialog;
addEventListener("load", start);
