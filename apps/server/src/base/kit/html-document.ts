import { hash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
article { border-block-start: 1px solid #8888; padding-block: 0.75rem; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8882; padding: 0.75rem; }
summary { cursor: pointer; min-height: 24px; }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; }
main:has(> form) { max-width: 26rem; margin: 6vh auto; padding: 0.5rem 2rem; border: 1px solid #8886; border-radius: 12px; }
main:has(> form) h1 { margin-block: 1rem 0.5rem; font-size: 1.5rem; }
@media (max-width: 32rem) { main:has(> form) { margin: 0; padding: 0; border: 0; } }
label { display: block; margin-block: 1rem; font-weight: 600; }
input { display: block; box-sizing: border-box; width: 100%; min-height: 44px; padding: 0.5rem; font: inherit; font-weight: 400; }
input, button { border: 1px solid #8888; border-radius: 6px; }
button { min-height: 44px; min-width: 7rem; margin-block: 0.5rem; margin-inline-end: 0.5rem; padding: 0.5rem 1rem; font: inherit; cursor: pointer; background: none; color: inherit; }
button:first-of-type { background: #1d4ed8; border-color: #1d4ed8; color: #fff; font-weight: 600; }
button:hover { border-color: currentcolor; }
:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
.facts dt { font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts ul { margin: 0; padding: 0; list-style: none; }
.problem { border-inline-start: 4px solid #c62828; padding-inline-start: 0.75rem; }
`

const STYLE_HASH = hash('sha256', STYLE, 'base64')

/** Of a page by `htmlDocument`: only its own style, no script at all. `formAction` says where its forms may lead. */
export function documentPolicy(formAction = "'none'"): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`
}

/** A page that works without scripts. `body` is HTML: what comes from outside has gone through `escapeHtml`. */
export function htmlDocument(title: string, body: string, language = 'en'): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>
`
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
