// The HTTP API, and its errors as sentences.

import { credentials, demand } from "./key.js";
import { at } from "./root.js";
import { events } from "./stream.js";
import { T } from "./strings.js";
import { sentence } from "./words.js";

/** What a server refused, in its own words (application/problem+json). */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Where it stands by itself. Which setting would give more time is nothing that a reader can do. */
  get sentence() {
    return this.status === 504 ? T.tookTooLong : sentence(this.message);
  }
}

/** What a reader is told of any error; what is none of the server's is a connection that ended. */
export function told(error) {
  return error instanceof Problem ? error.sentence : T.brokeOff;
}

async function problem(response, method) {
  // A key that may not even read is of another library.
  if (response.status === 401 || (response.status === 403 && method === "GET")) demand();
  let said = "";
  try {
    const body = await response.json();
    said = body.detail || body.title || "";
    if (typeof said !== "string") said = JSON.stringify(said);
  } catch {
    // Not JSON: a proxy's page, or nothing. The status has to do.
  }
  // What the server says of keys is for programs.
  if (response.status === 401) said = T.keyWanted;
  return new Problem(response.status, said || T.serverAnswered(response.status));
}

async function call(path, options = {}) {
  let response;
  try {
    const headers = { ...options.headers, ...credentials() };
    response = await fetch(at(path), { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, T.serverSilent);
  }
  if (!response.ok) throw await problem(response, options.method ?? "GET");
  return response;
}

async function json(path, options) {
  const response = await call(path, options);
  return response.status === 204 ? null : response.json();
}

/** The events of an answer as it is made. */
export async function* ask(request, signal) {
  const response = await call("/ask", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ ...request, stream: true }),
    signal,
  });
  for await (const event of events(response)) {
    if (event.event === "error") throw new Problem(event.data.status, event.data.detail ?? event.data.title);
    yield event;
  }
}

/** One page of articles: `{articles, total}`. */
export async function articles({ q = "", limit = 30, offset = 0 } = {}, signal) {
  const query = new URLSearchParams({ limit, offset });
  if (q) query.set("q", q);
  const body = await json(`/articles?${query}`, { signal });
  return { articles: body.articles, total: body.total };
}

/** All publishers: `[{name, articles}]`. */
export async function publishers() {
  const { publishers: found } = await json("/publishers");
  return found.map(({ publisher, articles: many }) => ({ name: publisher, articles: many }));
}

/** All languages: `[{name, articles}]`. */
export async function languages() {
  const { languages: found } = await json("/languages");
  return found.map(({ language, articles: many }) => ({ name: language, articles: many }));
}

/** Questions that these articles (the newest, where none are named) surely answer. */
export function suggestions(ids, limit) {
  const query = new URLSearchParams({ limit });
  for (const id of ids) query.append("article_id", id);
  return json(`/suggestions?${query}`);
}

/** Add what is sent as JSON, `{url}` or `{text, title, ...}`; gives the job. */
export function addArticle(article) {
  return json("/articles?wait=0", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(article),
  });
}

/** Add the sample articles; gives the job. */
export function addSamples() {
  return json("/samples", { method: "POST" });
}

export function article(id, signal) {
  return json(`/articles/${encodeURIComponent(id)}`, { signal });
}

export function remove(id) {
  return json(`/articles/${encodeURIComponent(id)}`, { method: "DELETE" });
}

export function job(id) {
  return json(`/jobs/${encodeURIComponent(id)}`);
}

export function version() {
  return json("/version");
}

/** The library's generation as it is now; undefined where the server does not say. */
export function generation() {
  return version().then((said) => said.index_generation, () => {});
}

/** The libraries of a server of several: `[{name, path, status, articles}]`. */
export async function libraries() {
  return (await json("/libraries")).libraries;
}

/**
 * Send files. fetch cannot tell how much of a body has left; XMLHttpRequest can.
 * @param {(share: number) => void} onProgress share of the bytes that were sent
 */
export function upload(files, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const file of files) form.append("files", file, file.name);
    const request = new XMLHttpRequest();
    // Not waiting for the job: a page that is reloaded meanwhile has to know its id.
    request.open("POST", at("/articles?wait=0"));
    request.setRequestHeader("accept", "application/json");
    for (const [name, value] of Object.entries(credentials())) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onerror = () => reject(new Problem(0, T.uploadBroke));
    request.onload = async () => {
      const response = new Response(request.responseText, { status: request.status });
      if (request.status >= 400) reject(await problem(response, "POST"));
      else resolve(JSON.parse(request.responseText));
    };
    request.send(form);
  });
}
