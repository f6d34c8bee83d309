// SPDX-License-Identifier: Apache-2.0
// Another page is opened, not morphed into: pages have styles and scripts of their own, and ids that mean other things.
// After a form that leads elsewhere its answer is shown as it came: asking again would lose what it says once.
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
    const { boosted, requestConfig, xhr } = event.detail;
    if (!boosted || requestConfig.verb === "get" || !xhr.responseURL) return;
    const target = new URL(xhr.responseURL);
    if (target.pathname === location.pathname) return;
    event.detail.shouldSwap = false;
    show(xhr.responseText, target, xhr.status >= 400);
  });
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
  window.htmx.process(document.body);
  scrollTo(0, 0);
  for (const name of ["htmx:load", "htmx:afterSettle"]) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { elt: document.body } }));
  }
}
