// What all scripts of a page use. Whatever came in with a document becomes a text node:
// nothing here, and nothing later, ever reads it as HTML.

export function byId(id) {
  return document.getElementById(id);
}

export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function button(text, onClick) {
  const element = make("button", "", text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

// What is seen beside words that say the same, so that it is not read out.
export function silent(element) {
  element.setAttribute("aria-hidden", "true");
  return element;
}

export function later(wait, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

// A bar whose length is a share; told in words beside it, so that it is hidden here.
export function bar(share, className = "") {
  const inner = make("span");
  inner.style.width = `${100 * Math.min(Math.abs(share), 1)}%`;
  return silent(make("span", `meter ${className}`, inner));
}
