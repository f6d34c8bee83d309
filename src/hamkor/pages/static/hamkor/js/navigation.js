// SPDX-License-Identifier: Apache-2.0
// Another page is opened, not morphed into: pages have styles and scripts of their own, and ids that mean other things.
// After a form that leads elsewhere its answer is shown as it came: asking again would lose what it says once.
// An answer of the same page is laid over it here: htmx would put the children of the new body in the place of the body.
export function startNavigation() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { boosted, requestConfig, pathInfo, elt } = event.detail;
    if (!boosted || requestConfig.verb !== "get") return;
    const target = new URL(elt.tagName === "A" ? elt.href : pathInfo.finalRequestPath, location.href);
    if (target.pathname === location.pathname) return;
    event.preventDefault();
    location.assign(target);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { boosted, requestConfig, pathInfo, xhr } = event.detail;
    if (!boosted || !xhr.responseURL) return;
    const target = new URL(xhr.responseURL);
    event.detail.shouldSwap = false;
    if (target.pathname === location.pathname) stay(xhr.responseText, target, pathInfo.anchor);
    else if (requestConfig.verb === "get") location.assign(target);
    else show(xhr.responseText, target, xhr.status >= 400);
  });
}

function stay(html, target, anchor) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  if (target.search !== location.search) history.pushState({ htmx: true }, "", target);
  document.title = fresh.title;
  const isKept = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches("[data-keep], [hx-preserve]");
  Idiomorph.morph(document.body, fresh.body, { morphStyle: "outerHTML", callbacks: { beforeNodeMorphed: (old) => !isKept(old) } });
  arrive();
  if (anchor) document.getElementById(anchor)?.scrollIntoView();
}

function show(html, target, isRefused) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const element of fresh.head.querySelectorAll("link[rel=stylesheet], script[src]")) {
    const name = element.tagName === "LINK" ? "href" : "src";
    if (document.head.querySelector(`[${name}="${CSS.escape(element.getAttribute(name))}"]`)) continue;
    const made = document.createElement(element.tagName);
    for (const attribute of element.attributes) made.setAttribute(attribute.name, attribute.value);
    document.head.append(made);
  }
  // A refusal without a page of its own stands at the address of the form's page.
  if (fresh.body.dataset.live || !isRefused) history.pushState({ htmx: true }, "", target);
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  scrollTo(0, 0);
  arrive();
}

function arrive() {
  window.htmx.process(document.body);
  for (const name of ["htmx:load", "htmx:afterSettle"]) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { elt: document.body } }));
  }
}
