// Starts the explorer with what the address asks, else with the first example, keeps the address up to date, and names its fields for those who cannot see them.
"use strict";

const place = document.getElementById("graphiql");
const example = document.querySelector(".examples a");
const asked = Object.fromEntries(new URLSearchParams(location.search || example?.search));

const keep = (name) => (value) => {
  asked[name] = value;
  const told = new URLSearchParams(Object.entries(asked).filter(([, one]) => one));
  history.replaceState(null, "", `?${told}`);
};

async function answer(question) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const told = await fetch(place.dataset.path, { method: "post", headers, body: JSON.stringify(question) });
  const text = await told.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function nameFields() {
  const names = { ".query-editor": "Query", ".variable-editor": "Variables", ".result-window": "Answer" };
  for (const [part, name] of Object.entries(names)) {
    for (const field of place.querySelectorAll(`${part} textarea`)) field.setAttribute("aria-label", name);
    for (const region of place.querySelectorAll(`${part} .CodeMirror-scroll`)) region.tabIndex = 0;
  }
}

const told = {
  fetcher: answer,
  query: asked.query,
  variables: asked.variables,
  operationName: asked.operationName,
  onEditQuery: keep("query"),
  onEditVariables: keep("variables"),
  onEditOperationName: keep("operationName"),
};
ReactDOM.render(React.createElement(GraphiQL, told), place, nameFields);
new MutationObserver(nameFields).observe(place, { childList: true, subtree: true });
