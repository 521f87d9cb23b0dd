import { createHash } from 'node:crypto'
import type { OpenApi } from './openapi.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
article { border-block-start: 1px solid #8888; padding-block: 0.75rem; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; background: #8882; padding: 0.75rem; }
summary { cursor: pointer; min-height: 24px; }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; }
`

/** Only this page's own style; no script at all. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The API for people: every operation with its permission, parameters and shapes. */
export function apiPage(api: OpenApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))].toSorted(
    (a, b) => a.localeCompare(b),
  )
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag))
    return `<section><h2 id="${escape(tag)}">${escape(tag)}</h2>${own.map(article).join('')}</section>`
  })
  const links = tags.map((tag) => `<li><a href="#${escape(tag)}">${escape(tag)}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Parley API</title><style>${STYLE}</style></head>
<body><main><h1>Parley API</h1><p>${escape(api.info.description)} The same as
<a href="/api/v1/openapi.json">OpenAPI</a>.</p>
<nav aria-label="Subjects"><ul>${links.join('')}</ul></nav>
${sections.join('\n')}</main></body></html>
`
}

interface Shown {
  path: string
  method: string
  operation: OpenApi['paths'][string][string]
}

function article({ path, method, operation }: Shown): string {
  const [security] = operation.security
  const permission = security ? Object.values(security).flat().join(', ') || 'any caller' : 'public'
  const { parameters, requestBody, responses } = operation
  const shapes = { Parameters: parameters, Body: requestBody, Answers: responses }
  const parts = Object.entries(shapes).flatMap(([title, value]) =>
    value === undefined || (Array.isArray(value) && value.length === 0)
      ? []
      : `<details><summary>${title}</summary><pre tabindex="0">${escape(JSON.stringify(value, null, 2))}</pre></details>`,
  )
  return `<article><h3><span class="method">${method.toUpperCase()}</span> <code>${escape(path)}</code></h3>
<p>${escape(operation.summary ?? '')} <small>(${escape(permission)})</small></p>${parts.join('')}</article>`
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
