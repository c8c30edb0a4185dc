// Sets the theme before the first paint. It is a file of its own, and not a script in the page, so that
// the page works under a content security policy without inline scripts.
"use strict";

(() => {
  let saved = null;
  try {
    saved = localStorage.getItem("spillway.theme");
  } catch {
    // Storage may be blocked, for instance in a frame of another site.
  }
  // The page writes the value as JSON; a person at the console may write it plain.
  const choice = /^"?(dark|light)"?$/.exec(saved ?? "")?.[1];
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  const theme = choice ?? system;
  document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=theme-color]").content = theme === "light" ? "#ffffff" : "#111826";
})();
