import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string }[];
}

/** What a site answers to a query, typed as the query is; rejects with what was wrong with it. */
export async function ask<Data, Variables>(
  site: string,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(new URL("/graphql", site), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: print(query), variables }),
  });
  const answer = (await response.json()) as Answer<Data>;
  if (answer.errors || !answer.data) {
    throw new Error(answer.errors?.map((error) => error.message).join("; ") ?? response.statusText);
  }
  return answer.data;
}
