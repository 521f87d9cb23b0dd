import { escapeHtml, htmlDocument } from '#base/kit'
import { type Example, examplesOf } from './examples.ts'
import type { OpenApi } from './openapi.ts'

/** The API for people: every operation with its permission, parameters and shapes. */
export function apiPage(api: OpenApi, url: string, accountId: string): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))].toSorted(
    (a, b) => a.localeCompare(b),
  )
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag))
    return `<section><h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${own.map(article).join('')}</section>`
  })
  const links = tags.map((tag) => `<li><a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a></li>`)
  return htmlDocument(
    'Parley API',
    `<h1>Parley API</h1><p>${escapeHtml(api.info.description)} The same as
<a href="/api/v1/openapi.json">OpenAPI</a>.</p>
<p>Address of this server: <code>${escapeHtml(url)}</code></p>
<h2 id="begin">Log in, and try it</h2>
<p>These commands can be pasted into a shell one after the other, after <code>LOGIN=…</code> and <code>PASSWORD=…</code>.</p>
${examplesOf(url, accountId).map(exampleText).join('\n')}
<nav aria-label="Subjects"><ul>${links.join('')}</ul></nav>
${sections.join('\n')}`,
  )
}

function exampleText({ title, command }: Example): string {
  return `<h3>${escapeHtml(title)}</h3><pre class="example" tabindex="0">${escapeHtml(command)}</pre>`
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
      : `<details><summary>${title}</summary><pre tabindex="0">${escapeHtml(JSON.stringify(value, null, 2))}</pre></details>`,
  )
  return `<article><h3><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary ?? '')} <small>(${escapeHtml(permission)})</small></p>${parts.join('')}</article>`
}
