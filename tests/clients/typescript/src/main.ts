// What a front end needs, each of it one request: node dist/main.js http://127.0.0.1:8001
import { ask } from "./ask.js";
import {
  ClaimDocument,
  type ClaimsQuery,
  ClaimsDocument,
  ContributorsDocument,
  GrowthDocument,
  SearchDocument,
} from "./generated.js";

const site = process.argv[2] ?? "http://127.0.0.1:8001";

/** Claims page by page, to the last of them. */
async function* claims(): AsyncGenerator<ClaimsQuery["claimList"]["nodes"][number]> {
  let after: string | null = null;
  do {
    const { claimList }: ClaimsQuery = await ask(site, ClaimsDocument, { after });
    yield* claimList.nodes;
    after = claimList.pageInfo.hasNextPage ? (claimList.pageInfo.endCursor ?? null) : null;
  } while (after);
}

const ids: string[] = [];
for await (const claim of claims()) {
  ids.push(claim.id);
}
const { claim } = await ask(site, ClaimDocument, { id: ids[0] ?? "" });
const { search } = await ask(site, SearchDocument, { words: claim?.title ?? "" });
const { contributorList } = await ask(site, ContributorsDocument, {});
const { growth } = await ask(site, GrowthDocument, {});
const refused = await ask(site, SearchDocument, { words: "claim", after: "nowhere" }).catch((error: Error) => error.message);

console.log(
  JSON.stringify({
    claims: new Set(ids).size,
    first: claim?.title,
    body: typeof claim?.body,
    found: search.nodes[0]?.claim.id === ids[0],
    contributors: contributorList.totalCount,
    grown: growth[growth.length - 1]?.total,
    refused,
  }),
);
