// Registers the service worker, which makes the page work without a network, and offers its new versions.
// Where there are no service workers, or they are blocked, the page goes on without.
"use strict";

(() => {
  const { worker } = document.currentScript.dataset;
  const byID = (id) => document.getElementById(id);
  const booted = () => document.documentElement.dataset.boot === "running";

  let container;
  try {
    container = navigator.serviceWorker;
  } catch {
    // A sandboxed frame may not even ask.
  }
  if (!container) return;

  // A page that its worker does not control came from the server, so it is the newest one. That worker has
  // everything to fetch, and must not be in the way of the first load. A page in a folder around this one may
  // have a worker too.
  let controlled = container.controller?.scriptURL === new URL(worker, document.baseURI).href;
  let registration = null;
  if (controlled) register();
  else onceRunning(() => (globalThis.requestIdleCallback ?? setTimeout)(register));

  async function register() {
    try {
      registration = await container.register(worker);
    } catch {
      return; // blocked, by the browser or the host
    }
    if (registration.waiting && controlled) offer();
    registration.addEventListener("updatefound", watch);
    watch();
    // Browsers look for a new version when a page is loaded, and this one may stay open for days.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") registration.update().catch(() => {}); // no network: later
    });
  }

  function watch() {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      if (fresh.state === "installed" && controlled) offer();
    });
  }

  // A new worker took over: the first one, or the next because the reader said so, maybe in another tab.
  container.addEventListener("controllerchange", () => {
    if (!controlled) controlled = true;
    else if (booted()) offer();
    else reload(); // what this page has yet to load is of a version that is gone
  });

  // --- the notice ------------------------------------------------------------------------------------

  let focused = null; // where the keyboard was before it came to the notice

  function offer() {
    byID("update").hidden = false;
  }

  byID("update").addEventListener("focusin", ({ relatedTarget, currentTarget }) => {
    if (!currentTarget.contains(relatedTarget)) focused = relatedTarget;
  });

  byID("update-dismiss").addEventListener("click", () => {
    byID("update").hidden = true;
    focused?.focus();
  });

  byID("update-reload").addEventListener("click", () => {
    const waiting = registration?.waiting;
    if (!waiting) return reload(); // it took over already
    waiting.addEventListener("statechange", reload); // activating, or redundant: there is a newer one still
    waiting.postMessage("take over");
  });

  // reload keeps the address, and with its fragment the run.
  let reloading = false;
  function reload() {
    if (reloading) return;
    reloading = true;
    location.reload();
  }

  function onceRunning(action) {
    if (booted()) return action();
    new MutationObserver((_, observer) => {
      if (!booted()) return;
      observer.disconnect();
      action();
    }).observe(document.documentElement, { attributeFilter: ["data-boot"] });
  }
})();
