"use strict";
// Turn slides by keyboard or by a click on the right or left half; the slide's number stands in the address.
const slides = [...document.querySelectorAll("section")];
const SMALLEST = 0.6;
let at = 0;

function show(number) {
  at = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, place) => slide.classList.toggle("shown", place === at));
  history.replaceState(null, "", `#s${at + 1}`);
}

function fit() {
  // letters become smaller where a slide would not have room
  const before = at;
  slides.forEach((slide, place) => {
    show(place);
    let size = 1;
    do slide.style.fontSize = `${size}em`;
    while ((slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth) && (size -= 0.04) > SMALLEST);
  });
  show(before);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

document.documentElement.classList.add("turned");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"].includes(event.key)) show(at + 1);
  else if (["ArrowLeft", "ArrowUp", "PageUp", "Backspace"].includes(event.key)) show(at - 1);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key.toLowerCase() === "f") toggleFull();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => show(event.clientX < window.innerWidth / 2 ? at - 1 : at + 1));
window.addEventListener("resize", fit);
show((Number(location.hash.slice(2)) || 1) - 1);
document.fonts.ready.then(fit);
