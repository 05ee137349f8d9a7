import { expect, test } from "vitest";
import { Refusal } from "../api/client";
import { Form } from "./form";
import { faultOf } from "./rules";

const FIELDS = {
  name: { label: "Name", required: true, maxLength: 8 },
  number: { label: "Extension", pattern: "^[0-9]{2,10}$", form: "Use 2 to 10 digits." },
};

function form(): Form<"name" | "number"> {
  return new Form({ name: "Anna", number: "" }, FIELDS);
}

test.each([
  ["", "Name is needed."],
  ["   ", "Name is needed."],
  ["Anna Berg", "Name has at most 8 characters."],
  ["Anna", null],
])("of the name %j one says %s", (value, words) => {
  expect(faultOf(value, FIELDS.name, "Name")).toBe(words);
});

test("what may be left out is wrong only when it is there and wrong", () => {
  expect(faultOf("", FIELDS.number, "Extension", "Use digits.")).toBeNull();
  expect(faultOf("12a", FIELDS.number, "Extension", "Use digits.")).toBe("Use digits.");
  expect(faultOf("ab", { minLength: 3 }, "Password")).toBe("Password needs at least 3 characters.");
});

test("nothing is said of a field before it was left, and then as one types", () => {
  const made = form();
  made.set("number", "1");
  expect(made.fault("number")).toBeNull();
  made.leave("number");
  expect(made.fault("number")).toBe("Use 2 to 10 digits.");
  made.set("number", "10");
  expect(made.fault("number")).toBeNull();
});

test("what is wrong is not sent, and all of it is shown", async () => {
  const made = form();
  made.set("name", "");
  made.set("number", "x");
  expect(await made.submit(() => Promise.reject(new Error("was sent")))).toBeNull();
  expect([made.fault("name"), made.fault("number")]).toEqual(["Name is needed.", "Use 2 to 10 digits."]);
});

test("only what was changed is sent, without space around it", async () => {
  const made = form();
  expect(made.isDirty).toBe(false);
  made.set("name", " Anna ");
  expect(made.isDirty).toBe(false);
  made.set("number", " 1001 ");
  expect(await made.submit(async (changed) => changed)).toEqual({ number: "1001" });
});

test("the server's word stands at its field until the field is changed", async () => {
  const made = form();
  made.set("number", "1001");
  const taken = new Refusal(409, "The extension 1001 is Ben's.", new Map([["number", "It is Ben's."]]));
  expect(await made.submit(() => Promise.reject(taken))).toBeNull();
  expect([made.fault("number"), made.message, made.isSaving]).toEqual(["It is Ben's.", null, false]);
  made.set("number", "1002");
  expect(made.fault("number")).toBeNull();
});

test("a refusal that no field is to blame for is told as a whole", async () => {
  const made = form();
  await made.submit(() => Promise.reject(new Refusal(409, "Anna is in a call.", new Map([["other", "?"]]))));
  expect(made.message).toBe("Anna is in a call.");
  made.reset({ name: "Ben", number: "" });
  expect([made.message, made.get("name"), made.isDirty]).toEqual([null, "Ben", false]);
});
