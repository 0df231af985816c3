// Heartline chat. <script src="https://your.heartline/widget.js" data-brand="qinghe" async></script>
// Optional: data-language="en|zh-hans", data-label, data-want. No cookie of this page is read, nothing is loaded until asked for.
(() => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || window.heartlineChat) return;
  const home = new URL(script.src).origin;
  const { brand = "", label, want = "" } = script.dataset;
  const language = (script.dataset.language || document.documentElement.lang || "").toLowerCase();
  const zh = language.startsWith("zh");
  const house = /* house */ { words: {}, looks: {} } /* filled in by the server */;
  const words = house.words[zh ? "zh-hans" : "en"] ?? {};
  const [accent, onAccent, dark, onDark] = house.looks[brand] ?? ["ButtonFace", "ButtonText", "ButtonFace", "ButtonText"];
  // "open" or "live", so that the chat goes on on the next page of this visit; nothing else is kept
  const place = "heartline-chat";

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `:host{all:initial;position:fixed;inset:auto 1rem 1rem auto;z-index:2147483000;font:500 1rem/1.4 system-ui,sans-serif;--a:${accent};--o:${onAccent}}` +
      `@media(prefers-color-scheme:dark){:host{--a:${dark};--o:${onDark}}}` +
      "button{display:flex;align-items:center;gap:.5rem;min-height:3rem;padding:0 1.25rem;border:0;border-radius:2rem;background:var(--a);color:var(--o);font:inherit;cursor:pointer;box-shadow:0 4px 16px rgb(0 0 0/.25)}" +
      "button:focus-visible{outline:3px solid Highlight;outline-offset:3px}b{padding:0 .5rem;border-radius:1rem;background:var(--o);color:var(--a);font-weight:600}" +
      "iframe{position:fixed;inset:auto 1rem 1rem auto;width:23.5rem;height:min(39rem,calc(100vh - 2rem));border:0;border-radius:12px;box-shadow:0 12px 40px rgb(0 0 0/.25);background:Canvas}" +
      "@media(max-width:40rem){iframe{inset:0;width:100%;height:100%;border-radius:0}}[hidden]{display:none!important}",
  );
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label || words.launch;
  const badge = document.createElement("b");
  badge.hidden = true;
  button.append(badge);
  root.append(button);

  /** @type {HTMLIFrameElement | undefined} */
  let frame;
  let ready = false;
  let live = false;
  const tell = () => ready && frame?.contentWindow?.postMessage({ heartline: frame.hidden ? "close" : "open" }, home);
  function remember() {
    try {
      sessionStorage.setItem(place, !frame?.hidden ? "open" : live ? "live" : "");
    } catch {
      // storage is closed to us here: the chat simply stays shut on the next page
    }
  }

  function load() {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = words.window;
    frame.sandbox.add("allow-scripts", "allow-same-origin", "allow-forms", "allow-popups", "allow-downloads");
    frame.sandbox.add("allow-popups-to-escape-sandbox", "allow-top-navigation-to-custom-protocols");
    frame.referrerPolicy = "origin";
    const query = new URLSearchParams({ language: zh ? "zh-hans" : language.slice(0, 2), want, origin: location.origin });
    frame.src = `${home}/chat/${encodeURIComponent(brand)}/?${query}`;
    frame.hidden = true;
    root.append(frame);
  }

  function show() {
    load();
    if (frame) frame.hidden = false;
    button.hidden = true;
    frame?.focus();
    tell();
    remember();
  }

  function hide() {
    if (frame) frame.hidden = true;
    button.hidden = false;
    button.focus();
    tell();
    remember();
  }

  button.addEventListener("click", show);
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    const said = event.data;
    if (typeof said !== "object" || said === null) return;
    if (said.heartline === "ready") {
      ready = true;
      tell();
    }
    if (said.heartline === "live") {
      live = said.is === true;
      remember();
    }
    if (said.heartline === "close") hide();
    if (said.heartline === "unread" && Number.isInteger(said.count)) {
      badge.hidden = said.count < 1;
      badge.textContent = String(Math.min(said.count, 99));
      badge.setAttribute("aria-label", words.unread.replace("{n}", badge.textContent));
    }
  });
  window.heartlineChat = { open: show, close: hide };
  const begin = () => {
    document.body.append(host);
    try {
      const was = sessionStorage.getItem(place);
      if (was === "open") show();
      if (was === "live") load();
    } catch {
      // as above
    }
  };
  document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();
