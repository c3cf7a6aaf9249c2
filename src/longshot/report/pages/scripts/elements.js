// What all scripts of a page use. Whatever came in with a document becomes a text node:
// nothing here, and nothing later, ever reads it as HTML.

const data = JSON.parse(byId("data").textContent);

function byId(id) {
  return document.getElementById(id);
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function button(text, onClick) {
  const element = make("button", "", text);
  element.type = "button";
  element.addEventListener("click", onClick);
  return element;
}

const whole = (number) => number.toLocaleString("en");
const counted = (n, what) => `${whole(n)} ${what}${n === 1 ? "" : "s"}`;

// As `percent` of wording.py writes it: what is not all is never written as 100%.
function percent(share) {
  const rounded = Math.round(100 * share);
  if (rounded === 100 && share < 1) return ">99%";
  if (rounded === 0 && share > 0) return "<1%";
  return `${rounded}%`;
}

function later(wait, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

// A bar whose length is a share; told in words beside it, so that it is hidden here.
function bar(share, className = "") {
  const inner = make("span");
  inner.style.width = `${100 * Math.min(Math.abs(share), 1)}%`;
  const outer = make("span", `meter ${className}`, inner);
  outer.setAttribute("aria-hidden", "true");
  return outer;
}
