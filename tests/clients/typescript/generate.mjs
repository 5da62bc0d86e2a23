// Writes the types of every query in a folder of .graphql files: node generate.mjs SCHEMA QUERIES TARGET
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import * as documents from "@graphql-codegen/typed-document-node";
import { parse } from "graphql";

const [schema, queries, target] = process.argv.slice(2);
const files = readdirSync(queries).filter((name) => name.endsWith(".graphql")).sort();
const written = await codegen({
  filename: target,
  schema: parse(readFileSync(schema, "utf8")),
  documents: files.map((name) => ({ location: name, document: parse(readFileSync(join(queries, name), "utf8")) })),
  config: { enumsAsTypes: true, onlyOperationTypes: true, useTypeImports: true, skipTypename: true },
  plugins: [{ typescript: {} }, { operations: {} }, { documents: {} }],
  pluginMap: { typescript, operations, documents },
});
writeFileSync(target, written);
