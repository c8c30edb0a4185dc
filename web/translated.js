// Lets the page be translated. A translator, as of a browser or an extension, puts <font> elements in the place
// of texts or around them. go-app goes on with the texts it knows: it changes one that is no longer in the
// page, which nobody sees, and replaces or removes one whose parent is another now, which is an exception. So
// what a translator took out comes back before it is changed, and what it wrapped goes with its wrapping. The
// translator then sees a new text and translates it anew.
"use strict";

(() => {
  const standIns = new WeakMap(); // for texts that were taken out: what stands in their place

  const observer = new MutationObserver(remember);
  observer.observe(document.documentElement, { childList: true, subtree: true });

  function remember(records) {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      for (const node of removedNodes) {
        if (node.nodeType !== Node.TEXT_NODE) continue;
        const standIn = [...addedNodes, previousSibling, nextSibling].find((other) => other?.nodeName === "FONT");
        if (standIn) standIns.set(node, standIn);
      }
    }
  }

  // bringBack puts a text in the place of what stands there for it.
  function bringBack(node) {
    remember(observer.takeRecords());
    const standIn = standIns.get(node);
    if (!standIn) return;
    standIns.delete(node);
    if (!node.isConnected && standIn.isConnected) replaceWith.call(standIn, node);
  }

  // childOf is the child of a parent that is or holds a node, or null.
  function childOf(parent, node) {
    if (node?.parentNode === parent) return node;
    bringBack(node);
    while (node && node.parentNode !== parent) node = node.parentNode;
    return node;
  }

  const { replaceChild, removeChild, insertBefore, appendChild } = Node.prototype;
  const { replaceWith } = Element.prototype;

  Node.prototype.removeChild = function (old) {
    const child = childOf(this, old);
    return child ? removeChild.call(this, child) : old;
  };
  Node.prototype.replaceChild = function (fresh, old) {
    const child = childOf(this, old);
    return child ? replaceChild.call(this, fresh, child) : appendChild.call(this, fresh);
  };
  Node.prototype.insertBefore = function (fresh, next) {
    return insertBefore.call(this, fresh, next && childOf(this, next));
  };

  const nodeValue = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  Object.defineProperty(Node.prototype, "nodeValue", {
    ...nodeValue,
    set(text) {
      if (!this.isConnected) bringBack(this);
      nodeValue.set.call(this, text);
    },
  });
})();
