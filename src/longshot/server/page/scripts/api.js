// The server's routes. Errors of theirs are told in the server's own line.

import { t } from "../report/pages/scripts/words.js";

const KEY_STORE = "longshot:api-key"; // where the server asks for one; for this tab only

class ServerError extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

export function keepKey(key) {
  sessionStorage.setItem(KEY_STORE, key);
}

function headers() {
  const key = sessionStorage.getItem(KEY_STORE);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

export async function ask(method, path, body) {
  const isForm = body instanceof FormData;
  const type = body === undefined || isForm ? {} : { "Content-Type": "application/json" };
  const response = await fetch(path, {
    method,
    headers: { ...headers(), ...type },
    body: isForm || body === undefined ? body : JSON.stringify(body),
  }).catch(() => {
    throw new ServerError(0, "unreachable", t("The server does not answer. Is it running?"));
  });
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response) {
  const { error } = await response.json().catch(() => ({}));
  const otherwise = t("The server answered {status}.", { status: response.status });
  return new ServerError(response.status, error?.code ?? "unknown", error?.message ?? otherwise);
}

const json = async (...asked) => (await ask(...asked)).json();
const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const pairs = given.flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  const text = new URLSearchParams(pairs).toString();
  return text && `?${text}`;
};

export const listProjects = () => json("GET", "/v1/projects");

// The routes of one project.
export class ProjectRoutes {
  #base;

  constructor(id) {
    this.#base = `/v1/projects/${encodeURIComponent(id)}`;
  }

  #get(path, values = {}) {
    return json("GET", `${this.#base}${path}${query(values)}`);
  }

  #post(path, body = {}) {
    return json("POST", this.#base + path, body);
  }

  status = () => this.#get("");
  gain = () => this.#get("/gain");
  setLabels = (labels) => json("PUT", `${this.#base}/labels`, labels);
  addRows = (rows) => this.#post("/documents", rows);
  addFiles = (form) => this.#post("/documents", form);
  documents = (values) => this.#get("/documents", values);
  passages = (ids) => this.#get("/passages", { document: ids });
  document = (id, values) => this.#get(`/documents/${encodeURIComponent(id)}`, values);
  enter = (entry) => this.#post("/entries", entry);
  undo = (wanted) => this.#post("/undo", wanted);
  history = (values) => this.#get("/history", values);
  classify = () => this.#post("/classify");
  next = (n) => this.#get("/next", { n });
  map = () => this.#get("/map");
  conflicts = () => this.#get("/conflicts");
  setAside = () => this.#get("/set-aside");
  retrySetAside = () => this.#post("/set-aside/retry");
  audits = () => this.#get("/audits");
  startAudit = (n) => this.#post("/audits", { n });
  audit = (id) => this.#get(`/audits/${encodeURIComponent(id)}`);
  answer = (id, answer) => this.#post(`/audits/${encodeURIComponent(id)}/answers`, answer);
  useAudit = (id) => this.#post(`/audits/${encodeURIComponent(id)}/use`);
  importFile = (form) => this.#post("/import", form);

  // Tables tell the passages that decided, as the report does.
  async export(form) {
    const asked = query({ form, evidence: true });
    const response = await ask("GET", `${this.#base}/export${asked}`);
    const told = response.headers.get("Content-Disposition") ?? "";
    return { name: /filename="([^"]+)"/.exec(told)?.[1] ?? form, blob: await response.blob() };
  }
}

// Follows a job to its end: `tell` is given each state that the server sends. The
// stream is read with fetch, for EventSource can send no key.
export async function follow(job, tell) {
  const response = await ask("GET", `/v1/jobs/${encodeURIComponent(job.id)}/events`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let state = job;
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return state;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop();
    for (const event of events) {
      const data = event.match(/^data: ?(.*)$/m)?.[1];
      if (!data) continue;
      state = JSON.parse(data);
      tell(state);
    }
  }
}

export const cancel = (job) => ask("DELETE", `/v1/jobs/${encodeURIComponent(job.id)}`);
