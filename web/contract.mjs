// Writes the types of the API (src/api/schema.gen.ts) and what its fields take (src/api/limits.gen.ts) from the description
// that the API gives of itself. With --check it writes nothing and fails when they are not what they should be.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import openapiTS, { astToString } from "openapi-typescript";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");
const NOTE = "// Made by `npm run contract` from the description of the API. Change the API, not this file.\n\n";
const RULES = ["minLength", "maxLength", "pattern", "minimum", "maximum"];

async function description() {
  const python = path.join(root, ".venv/bin/python");
  const options = { cwd: root, maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(python, ["-m", "api.openapi"], options);
  return JSON.parse(stdout);
}

/** Only the schemas: the page writes its paths itself. Titles repeat the names, and examples are for other readers. */
async function types({ openapi, info, components }) {
  const schemas = JSON.parse(JSON.stringify(components.schemas), (key, value) =>
    (key === "title" && typeof value === "string") || key === "examples" || key === "example" ? undefined : value,
  );
  const told = { openapi, info, paths: {}, components: { schemas } };
  const options = {
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
  };
  return NOTE + astToString(await openapiTS(told, options));
}

/** What each field of a request takes: an export a schema, so that a page carries only those of its forms. */
function limits({ paths, components: { schemas } }) {
  const names = new Set(
    Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .map(({ requestBody }) => requestBody?.content?.["application/json"]?.schema?.$ref?.split("/").at(-1))
      .filter(Boolean),
  );
  const made = [...names].sort().map((name) => {
    const { properties = {}, required = [] } = schemas[name];
    const fields = Object.entries(properties).map(([field, schema]) => [
      field,
      limit(schema, required.includes(field)),
    ]);
    return `export const ${name} = ${JSON.stringify(Object.fromEntries(fields), null, 2)} as const;\n`;
  });
  return NOTE + made.join("\n");
}

function limit(schema, required) {
  // What may be null has its rules one level down.
  const parts = [schema, ...(schema.anyOf ?? [])];
  const found = parts.flatMap((part) => RULES.filter((rule) => rule in part).map((rule) => [rule, part[rule]]));
  return { required, ...Object.fromEntries(found) };
}

const told = await description();
const files = { "src/api/schema.gen.ts": await types(told), "src/api/limits.gen.ts": limits(told) };
for (const [name, text] of Object.entries(files)) {
  const file = path.join(here, name);
  if (!process.argv.includes("--check")) await writeFile(file, text);
  else if ((await readFile(file, "utf8").catch(() => "")) !== text) {
    console.error(`${name} is not what the API says of itself. Write it anew with: npm run contract (in web/)`);
    process.exitCode = 1;
  }
}
