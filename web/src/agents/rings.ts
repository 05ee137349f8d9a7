// Two thin rings in SVG, each cut into what was answered and what was not, around the share that was answered.

import type { Rate } from "../api/contract";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 160;
const MIDDLE = SIZE / 2;
const MONTH = { inner: 48, outer: 59 };
const YESTERDAY = { inner: 67, outer: 78 };
/** Striped, so that it can be told apart without its colour. */
const STRIPES = "rate-stripes";

interface Band {
  inner: number;
  outer: number;
}

/** The month inside, yesterday around it, and in the middle the share of the month. `sentence` says the same in words. */
export function rings(month: Rate, yesterday: Rate, share: string, sentence: string): SVGElement {
  const drawing = shape("svg", { class: "rings", viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img", "aria-label": sentence });
  drawing.append(
    stripes(),
    ...band(MONTH, month, "month"),
    ...band(YESTERDAY, yesterday, "yesterday"),
    shape(
      "text",
      { class: "rings-share", x: `${MIDDLE}`, y: `${MIDDLE}`, "aria-hidden": "true" },
      document.createTextNode(share),
    ),
  );
  return drawing;
}

function shape(tag: string, attributes: Record<string, string>, ...children: Node[]): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function stripes(): SVGElement {
  const pattern = shape(
    "pattern",
    { id: STRIPES, width: "7", height: "7", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    shape("rect", { class: "rate-not-ground", width: "7", height: "7" }),
    shape("rect", { class: "rate-not-stripe", width: "2.5", height: "7" }),
  );
  return shape("defs", {}, pattern);
}

/** The slices of one band, from the top and clockwise: answered first. Without calls only its outline. */
function band(edges: Band, rate: Rate, name: string): SVGElement[] {
  const all = rate.answered + rate.not_answered;
  if (all === 0) return [shape("path", { class: "rate-none", d: slice(edges, 0, 1), "data-slice": `${name}-none` })];
  const cut = rate.answered / all;
  const slices: SVGElement[] = [];
  if (cut > 0)
    slices.push(
      shape("path", { class: "rate-slice rate-answered", d: slice(edges, 0, cut), "data-slice": `${name}-answered` }),
    );
  if (cut < 1) {
    const fill = `url(#${STRIPES})`;
    slices.push(
      shape("path", { class: "rate-slice", fill, d: slice(edges, cut, 1), "data-slice": `${name}-not-answered` }),
    );
  }
  return slices;
}

/** A part of a band, between two shares of the whole turn. */
function slice({ inner, outer }: Band, from: number, to: number): string {
  if (to - from >= 1) return `${circle(outer)} ${circle(inner)}`;
  const large = to - from > 0.5 ? 1 : 0;
  const out = `M ${point(outer, from)} A ${outer} ${outer} 0 ${large} 1 ${point(outer, to)}`;
  return `${out} L ${point(inner, to)} A ${inner} ${inner} 0 ${large} 0 ${point(inner, from)} Z`;
}

/** An arc from a point to itself draws nothing, so a whole circle is two halves. */
function circle(radius: number): string {
  const half = `A ${radius} ${radius} 0 1 1`;
  return `M ${point(radius, 0)} ${half} ${point(radius, 0.5)} ${half} ${point(radius, 0)} Z`;
}

function point(radius: number, share: number): string {
  const angle = 2 * Math.PI * share - Math.PI / 2;
  return `${(MIDDLE + radius * Math.cos(angle)).toFixed(3)} ${(MIDDLE + radius * Math.sin(angle)).toFixed(3)}`;
}
