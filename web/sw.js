// The service worker: it keeps one version of the page, whole, and answers from it, so that the page works
// without a network. Another version is fetched beside it, and takes its place when the reader says so.
"use strict";

// cmd/bundle fills in the files of the page, by the address that index.html has for them, with the hash of
// their content, and the stamp of them all.
const bundle = { stamp: "", files: {} };

// Caches belong to a whole origin, where there may be other pages, even another Spillway in another folder.
const page = new URL("./", location).href;
const cachePrefix = `spillway ${page} `;
const cacheName = cachePrefix + bundle.stamp;

const kept = new Set(Object.keys(bundle.files).map((name) => new URL(name, location).href));

addEventListener("install", (event) => event.waitUntil(keep()));

addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("fetch", (event) => {
  const address = keptAddress(event.request);
  if (address) event.respondWith(answer(address, event.request));
});

// offline.js asks when the reader wants the new version.
addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(skipWaiting());
});

// keep fetches all files or none. Their hashes refuse a file of another version, which a host may well send
// while it is being updated, and no-cache asks the host about each: what the page just loaded is not sent again.
async function keep() {
  const cache = await caches.open(cacheName);
  const files = Object.entries(bundle.files);
  await cache.addAll(files.map(([name, integrity]) => new Request(name, { integrity, cache: "no-cache" })));
}

async function takeOver() {
  const earlier = (await caches.keys()).filter((name) => name.startsWith(cachePrefix) && name !== cacheName);
  // A still newer version may be filling its cache. Then the next one to take over tidies up.
  if (!registration.installing && !registration.waiting) await Promise.all(earlier.map((name) => caches.delete(name)));
  await clients.claim();
}

// keptAddress is where the answer to a request is kept, "" if it is none of this version's files. That
// includes the files of other versions, which have another address: they are the server's to answer.
function keptAddress({ method, mode, url }) {
  if (method !== "GET") return "";
  const address = new URL(url);
  address.hash = "";
  if (mode === "navigate") {
    address.search = "";
    if (address.href === `${page}index.html`) return kept.has(page) ? page : "";
  }
  return kept.has(address.href) ? address.href : "";
}

async function answer(address, request) {
  return (await caches.match(address, { cacheName, ignoreVary: true })) ?? fetch(request);
}
