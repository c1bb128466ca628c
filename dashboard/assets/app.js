/* What the address holds, the page shows: choices write to the address, and the window follows the page. */
(function () {
  "use strict";

  /* The charts use a small bundle of the chart library, fetched when the first chart is drawn. */
  const own = document.querySelector('script[src*="/assets/app.js"], script[src*="assets/app"]');
  const assets = own ? own.src.replace(/app\.js.*$/, "") : "/assets/";
  Object.defineProperty(window, "_dashPlotlyJSURL", {
    get: () => assets + "plotly-basic-4.1.1.min.js",
    set: () => {},
  });

  /* When the session is over, the address is opened anew: the server says what to do, and comes back here. */
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    if (!answer.headers.has("Timerett-Sign-In")) return answer;
    window.location.reload();
    return new Promise(() => {});
  };

  /* The chart library writes bold words with a style attribute, which the content security policy takes no notice
     of. The same through the element's style is what it allows: a script that runs at all may style. */
  SVGElement.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };

  function choose(select) {
    const address = new URL(window.location.href);
    if (select.value) address.searchParams.set(select.dataset.param, select.value);
    else address.searchParams.delete(select.dataset.param);
    if (select.dataset.param === "role") address.searchParams.delete("as");
    const startsOver = ["role", "as"].includes(select.dataset.param);
    go((startsOver ? "/" : address.pathname) + address.search);
  }

  function go(address) {
    history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-param]")) choose(event.target);
  });

  /* A question with several choices goes to the address as a whole. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-choices]")) return;
    event.preventDefault();
    const address = new URL(window.location.href);
    form.querySelectorAll("select[data-field]").forEach((select) => {
      if (select.value) address.searchParams.set(select.dataset.field, select.value);
      else address.searchParams.delete(select.dataset.field);
    });
    go(address.pathname + address.search);
  });

  /* The address is the whole view: whoever gets it sees the same within their own scope. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy-link");
    if (!button) return;
    const said = button.nextElementSibling;
    await navigator.clipboard.writeText(window.location.href);
    said.textContent = button.dataset.done;
    setTimeout(() => { said.textContent = ""; }, 4000);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const address = link.getAttribute("href");
    const here = window.location.pathname + window.location.search;
    const target = document.getElementById(address.startsWith(here + "#") || address.startsWith("#")
      ? address.slice(address.indexOf("#") + 1) : "");
    if (target) {
      event.preventDefault();
      arrive(target);
    } else if (address.startsWith("/") && !link.hasAttribute("download")) {
      event.preventDefault();
      go(address);
    }
  });

  function arrive(part) {
    if (!part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
    part.scrollIntoView();
  }

  let path = window.location.pathname;
  let shown = null;
  let focused = null;
  let settled = null;

  document.addEventListener("focusin", (event) => {
    if (event.target.id) focused = event.target.id;
  });

  /* After each new page: title, language, chosen options, and the focus where the reader left it. */
  function settle() {
    const page = document.querySelector("#content [data-title]");
    if (!page || page.dataset.stamp === settled) return;
    settled = page.dataset.stamp;
    document.title = page.dataset.title;
    const shell = document.getElementById("page");
    if (shell) document.documentElement.lang = shell.lang;
    document.querySelectorAll("select[data-chosen]").forEach((select) => {
      select.value = select.dataset.chosen;
    });
    const moved = path !== window.location.pathname;
    path = window.location.pathname;
    const part = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const other = shown !== window.location.href;
    shown = window.location.href;
    if (other && part) {
      arrive(part);
    } else if (moved) {
      window.scrollTo(0, 0);
      const heading = document.getElementById("heading");
      if (heading) heading.focus({ preventScroll: true });
    } else if (focused && document.activeElement === document.body) {
      const before = document.getElementById(focused);
      if (before) before.focus({ preventScroll: true });
    }
  }

  /* Nothing tells a chart of the paper's columns: it is scaled to them. */
  const drawings = (change) => document.querySelectorAll(".chart .main-svg").forEach(change);
  window.addEventListener("beforeprint", () => drawings((drawing) =>
    drawing.setAttribute("viewBox", `0 0 ${drawing.clientWidth} ${drawing.clientHeight}`)));
  window.addEventListener("afterprint", () => drawings((drawing) => drawing.removeAttribute("viewBox")));

  new MutationObserver(settle).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-stamp"],
  });
})();
