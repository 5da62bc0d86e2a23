// Prints what Argdown's own parser makes of a file: its statements with their data, and the relations between them.
import { readFileSync } from "node:fs";
import { argdown } from "@argdown/core";

const input = readFileSync(process.argv[2], "utf8");
const found = argdown.run({ process: ["parse-input", "build-model"], input, throwExceptions: true });
const statements = Object.values(found.statements).map(({ title, members, data }) => ({
  title,
  text: members.map((member) => member.text ?? "").join(""),
  data,
}));
const relations = found.relations.map(({ relationType, from, to }) => [from.title, relationType, to.title]);
console.log(JSON.stringify({ errors: [...found.lexerErrors, ...found.parserErrors].map(String), statements, relations }));
