// The articles that answers cite, for a list of references: BibTeX, and CSL's JSON.

import { articleOf } from "./context.js";

/** Every article that is cited, once, with its author where it is still there. */
export async function cited(turns) {
  const first = new Map();
  for (const { answer } of turns) {
    for (const citation of answer.citations) {
      if (!first.has(citation.document_id)) first.set(citation.document_id, citation);
    }
  }
  return Promise.all(
    [...first.values()].map(async (citation) => {
      const article = await articleOf(citation.document_id).catch(() => null);
      return {
        id: citation.document_id,
        title: citation.document_title || citation.document_id,
        publisher: citation.publisher,
        published: citation.published_at,
        url: citation.url,
        author: article?.author,
        language: article?.language,
      };
    }),
  );
}

export function toBibtex(articles) {
  return articles
    .map((article, i) => {
      const [year, month, day] = (article.published ?? "").split("-");
      const fields = {
        title: `{${escape(article.title)}}`,
        author: article.author && `{${escape(article.author)}}`,
        journal: article.publisher && escape(article.publisher),
        year, month, day,
        url: article.url && article.url.replace(/[{}\s]/g, encodeURIComponent),
        langid: article.language,
      };
      const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
      return `@article{${key(article, i)},\n${lines.join(",\n")}\n}\n`;
    })
    .join("\n");
}

export function toCsl(articles) {
  const items = articles.map((article, i) => ({
    id: key(article, i),
    type: "article-newspaper",
    title: article.title,
    ...(article.author && { author: [{ literal: article.author }] }),
    ...(article.publisher && { "container-title": article.publisher }),
    ...(article.published && { issued: { "date-parts": [article.published.split("-").map(Number)] } }),
    ...(article.url && { URL: article.url }),
    ...(article.language && { language: article.language }),
  }));
  return `${JSON.stringify(items, null, 2)}\n`;
}

/** "wire2025a": publisher or title, year, and a letter (or number) that tells them apart. */
function key({ publisher, title, published }, i) {
  const words = (publisher || title).normalize("NFKD").replace(/^the\s+/i, "");
  const name = /[a-z]+/.exec(words.toLowerCase())?.[0] ?? "article";
  return `${name}${(published ?? "").slice(0, 4)}${i < 26 ? String.fromCharCode(97 + i) : `-${i}`}`;
}

function escape(text) {
  const written = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  return text.replace(/\s+/g, " ").replace(/[\\{}%&$#_~^]/g, (sign) => written[sign] ?? `\\${sign}`);
}
