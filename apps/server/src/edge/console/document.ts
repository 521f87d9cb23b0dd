import { escapeHtml } from '#base/kit'
import { isVirtual } from '#base/kernel'
import type { ConsoleNames, PageNames } from './build.ts'
import type { ConsoleDeps } from './deps.ts'

/** Whatever the language of the reader. */
const BAR =
  '<progress aria-label="Parley" style="display: block; width: min(16rem, 60%); margin: 40vh auto 1rem"></progress>'

function htmlDocument(language: 'de' | 'en', head: readonly string[], body: string): string {
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
    <meta name="color-scheme" content="light dark">
    <title>Parley</title>
    <link rel="icon" href="data:,">
    ${head.join('\n    ')}
  </head>
  ${body}
</html>
`
}

const asset = (name: string): string => escapeHtml(`/console/assets/${name}`)

/**
 * The document of every address of a page; what it shows is decided in the browser. A page takes seconds on a slow line: something moves
 * meanwhile, which stands before the styles, since nothing is drawn that comes after them.
 */
export function consoleDocument(
  { script, style }: PageNames,
  { workers }: Pick<ConsoleNames, 'workers'>,
  { accountId, clock }: Pick<ConsoleDeps, 'accountId' | 'clock'>,
): string {
  const notes = [
    ['account', escapeHtml(accountId)],
    // Where it can be moved, the console shows it.
    ['clock', isVirtual(clock) ? 'virtual' : 'system'],
    // Browsers have clocks that are wrong.
    ['now', String(clock.now())],
    ['editor-worker', asset(workers.editor)],
    ['typescript-worker', asset(workers.typescript)],
    ['json-worker', asset(workers.json)],
  ].map(([name, content]) => `<meta name="parley-${name}" content="${content}">`)
  return htmlDocument(
    'en',
    [...notes, `<script type="module" src="${asset(script)}"></script>`],
    `<body>
    <noscript>This page needs JavaScript.</noscript>
    <div id="console">${BAR}</div>
    <link rel="stylesheet" href="${asset(style)}">
  </body>`,
  )
}

const BEING_BUILT = {
  en: 'These pages are being built for this version. It takes up to a minute, once.',
  de: 'Diese Seiten werden für diese Version gebaut. Das dauert einmal bis zu einer Minute.',
}

/** What stands in place of a page that is being built: it asks again by itself. */
export function beingBuiltDocument(language: 'de' | 'en'): string {
  return htmlDocument(
    language,
    ['<meta http-equiv="refresh" content="2">'],
    `<body style="font: 14px/1.45 system-ui, sans-serif">
    ${BAR}
    <p style="text-align: center">${BEING_BUILT[language]}</p>
  </body>`,
  )
}

/** Everything from this server, no scripts in the page. The editor makes style elements, which is why styles may stand in the page. */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // The consumer page, beside the guide.
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
