// Docusign JS: shows a recipient view in a frame of the host's page and tells how it ends (reference 3.5).
// `install` is called with the integration keys there are, when the script is served as /bundle.js.

const FORMATS = ["focused", "default"];
const EVENTS = ["ready", "sessionEnd"];
const POSITIONS = ["bottom-left", "bottom-center", "bottom-right"];
const LONGEST_TEXT = 50;

function fail(what) {
  throw new Error(`DocuSign: ${what}`);
}

function checkedUrl(url) {
  if (typeof url !== "string" || !URL.canParse(url)) fail("url must be the address of a recipient view");
  const address = new URL(url);
  if (!["http:", "https:"].includes(address.protocol)) fail("url must be a web address");
  return address;
}

function checkedStyle(style = {}) {
  if (typeof style !== "object" || style === null || Array.isArray(style)) fail("style must be an object");
  const { signingNavigationButton: finish = {}, signingDeclineButton: decline = {} } = style;
  for (const [name, button] of Object.entries({ signingNavigationButton: finish, signingDeclineButton: decline })) {
    const text = button.finishText ?? "";
    if (typeof text !== "string" || text.length > LONGEST_TEXT) fail(`style.${name}.finishText has at most ${LONGEST_TEXT} characters`);
  }
  if (finish.position !== undefined && !POSITIONS.includes(finish.position)) fail(`style.signingNavigationButton.position is one of ${POSITIONS.join(", ")}`);
  return style;
}

class Signing {
  #address;
  #frame = null;
  #isReady = false;
  #handlers = { ready: [], sessionEnd: [] };

  constructor({ url, displayFormat, style } = {}) {
    if (!FORMATS.includes(displayFormat)) fail(`displayFormat is one of ${FORMATS.join(", ")}`);
    this.#address = checkedUrl(url);
    this.#address.searchParams.set("displayFormat", displayFormat);
    this.#address.searchParams.set("style", JSON.stringify(checkedStyle(style)));
  }

  on(name, handler) {
    if (!EVENTS.includes(name)) fail(`there is no event ${name}`);
    if (typeof handler !== "function") fail("a handler is a function");
    this.#handlers[name].push(handler);
    return this;
  }

  mount(selector) {
    const place = document.querySelector(selector);
    if (!place) fail(`nothing on this page matches ${selector}`);
    if (this.#frame) fail("this signing is mounted already");
    this.#frame = document.createElement("iframe");
    this.#frame.title = "Signing";
    Object.assign(this.#frame.style, { width: "100%", height: "100%", border: "0", display: "block" });
    window.addEventListener("message", this.#hear);
    this.#frame.src = this.#address.href;
    place.append(this.#frame);
    return this;
  }

  // Only the frame's own page, of the recipient view's own origin, is listened to.
  #hear = (message) => {
    if (message.source !== this.#frame.contentWindow || message.origin !== this.#address.origin) return;
    const { source, type, sessionEndType, returnUrl } = message.data ?? {};
    if (source !== "docusign-sandbox") return;
    if (type === "ready" && !this.#isReady) {
      this.#isReady = true;
      this.#tell({ type });
    }
    if (type === "sessionEnd") {
      window.removeEventListener("message", this.#hear);
      this.#frame.remove();
      this.#tell({ type, sessionEndType, returnUrl });
    }
  };

  #tell(event) {
    for (const handler of this.#handlers[event.type]) handler(event);
  }
}

function install(integrationKeys) {
  window.DocuSign = {
    async loadDocuSign(integrationKey) {
      if (!integrationKeys.includes(String(integrationKey).toLowerCase())) fail(`the integration key ${integrationKey} is not known`);
      return { signing: (options) => new Signing(options) };
    },
  };
}
