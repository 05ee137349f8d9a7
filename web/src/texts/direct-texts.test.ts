// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, as text.
// Texts that users read come from the catalogue. Files in which some are still written directly are listed here, and are to
// become fewer: one that is done must leave the list.

/// <reference types="vite/client" />
import ts from "typescript";
import { expect, test } from "vitest";
import { NOT_YET } from "./not-yet";

const SOURCES: Record<string, string> = import.meta.glob(
  ["../**/*.ts", "!../**/*.test.ts", "!../**/*.gen.ts", "!../texts/**", "!../testing/**"],
  { query: "?raw", import: "default", eager: true },
);
/** Names of keys, and of what is no text although it looks like one. */
const NO_TEXT = /^(Enter|Escape|Tab|Home|End|Backspace|Delete|Shift|Control|Alt|Meta|Esc|Space|Everline)$/;
/** A word with a capital, alone or before other words: a heading, a label, a sentence. */
const LOOKS_LIKE_TEXT = /^\s*(?:[A-Z]\p{Ll}[\p{L}'-]*(?:[ ,.:!?…]|$)|[AI] \p{Ll})/u;
const IN_MARKUP = />[^<>]*\p{L}[^<>]*<|>[^<>]*\p{L}{2,}[^<>]*$/u;
const IN_ATTRIBUTE = /\s(?:aria-label|title|placeholder|alt)="[^"]*\p{L}/u;

/** What is written in a file that users read, as far as a machine can tell. */
function directTexts(source: string): string[] {
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    // A programming error is for programmers.
    if (ts.isNewExpression(node) && node.expression.getText() === "Error") return;
    if (ts.isTaggedTemplateExpression(node) && /^(html|svg)$/.test(node.tag.getText())) {
      const plain = withoutExpressions(node.template);
      if (IN_MARKUP.test(plain) || IN_ATTRIBUTE.test(plain)) found.push(plain.trim().slice(0, 60));
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) {
      if (LOOKS_LIKE_TEXT.test(node.text) && !NO_TEXT.test(node.text.trim())) found.push(node.text);
    }
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile("file.ts", source, ts.ScriptTarget.Latest, true));
  return found;
}

function withoutExpressions(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.head.text + template.templateSpans.map((span) => span.literal.text).join("");
}

test.each([
  ['const a = "No calls yet.";', 1],
  ["say(line, `Call back ${who}`);", 1],
  ['html`<h1>${title}</h1><th scope="col">Caller</th>`', 1],
  ['html`<input aria-label="Find a user" value=${x}>`', 1],
  ['html`<h1>${t("calls.title")}</h1>`', 0],
  ['if (event.key === "Escape") throw new Error("Not there");', 0],
  ['import { a } from "./A b"; const path = "/api/v1/calls";', 0],
])("%s has %d", (source, count) => {
  expect(directTexts(source)).toHaveLength(count);
});

test("no text is written into the page's code directly", () => {
  const direct = new Map(
    Object.entries(SOURCES).map(([path, source]) => [path.replace("../", ""), directTexts(source)] as const),
  );
  expect(direct.size).toBeGreaterThan(50);
  const added = [...direct].filter(([path, texts]) => texts.length > 0 && !NOT_YET.includes(path));
  expect(added, "Put these texts into texts/en.ts").toEqual([]);
  const done = NOT_YET.filter((path) => (direct.get(path) ?? []).length === 0);
  expect(done, "These are done: take them off texts/not-yet.ts").toEqual([]);
});
