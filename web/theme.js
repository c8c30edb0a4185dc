// Sets the theme before the first paint, and follows the system until the user has chosen. It is a file of
// its own, and not a script in the page, so that the page works under a content security policy without
// inline scripts. A frame of another page is told from the start too.
"use strict";

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: light)");
  // The window's frame follows the page, whoever changes its theme.
  new MutationObserver(frame).observe(root, { attributeFilter: ["data-theme"] });
  apply();
  frame();
  system.addEventListener("change", () => {
    apply();
    dispatchEvent(new Event("spillway:theme"));
  });
  if (new URLSearchParams(location.search).get("embed") === "1") root.dataset.embed = "1";

  function apply() {
    root.dataset.theme = chosen() ?? (system.matches ? "light" : "dark");
  }

  function frame() {
    document.querySelector("meta[name=theme-color]").content = root.dataset.theme === "light" ? "#ffffff" : "#111826";
  }

  function chosen() {
    try {
      // The page writes the value as JSON; a person at the console may write it plain.
      return /^"?(dark|light)"?$/.exec(localStorage.getItem("spillway.theme") ?? "")?.[1];
    } catch {
      return undefined; // storage may be blocked, for instance in a frame of another site
    }
  }
})();
